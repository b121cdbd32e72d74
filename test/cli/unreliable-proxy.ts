import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * A connection to the server that breaks: after each number of bytes sent upwards in `cutAfter`, in turn, and
 * never again after the last; or `cutAll` now.
 */
export async function unreliableProxy(target: string, cutAfter: number[] = []) {
  const { port } = new URL(target);
  const waiting = [...cutAfter];
  const open = new Set<() => void>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), '127.0.0.1');
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    open.add(cut);
    let sent = 0;
    client.on('data', (bytes) => {
      sent += bytes.length;
      if (waiting[0] === undefined || sent < waiting[0]) return;
      waiting.shift();
      cuts++;
      cut();
    });
    for (const socket of [client, upstream]) {
      socket.on('error', cut).on('close', () => {
        open.delete(cut);
        cut();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    cutAll() {
      for (const cut of [...open]) cut();
    },
    async close() {
      for (const cut of [...open]) cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
