import { connect, createServer } from 'node:net';

/**
 * `wanted` when nobody has it on loopback, else a free port the system chooses. Between this answer and its use
 * another program may take the port, so whoever uses it must be ready to ask again.
 */
export async function freePort(wanted = 0): Promise<number> {
  const port = wanted > 0 && (await answers(wanted)) ? undefined : await bind(wanted);
  return port ?? ((await bind(0)) as number);
}

/** Binding alone does not tell: some systems let 127.0.0.1 be bound beside a program that listens on all addresses. */
function answers(port: number): Promise<boolean> {
  return new Promise((tell) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => tell(true)).once('error', () => tell(false));
    socket.once('close', () => tell(false)).setTimeout(1000, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((tell) => {
    const server = createServer();
    server.once('error', () => tell(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => tell(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
