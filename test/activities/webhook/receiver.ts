import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Status = number | 'nothing';

/** Somebody's server on loopback, that answers each request with the next of these statuses, the last one again and again. */
export function openReceiver(...statuses: Status[]) {
  return open((answer) => createServer(answer), 'http', statuses);
}

/** The same over TLS. */
export function openTlsReceiver(tls: { key: Buffer; cert: Buffer }, ...statuses: Status[]) {
  return open((answer) => createTlsServer(tls, answer), 'https', statuses);
}

async function open(
  serverFor: (answer: RequestListener) => Server,
  protocol: string,
  statuses: readonly Status[],
) {
  const received: Received[] = [];
  const heard = new Set<() => void>();
  const answer: RequestListener = async (request, response) => {
    received.push({ path: request.url ?? '', headers: request.headers, body: await text(request) });
    for (const look of heard) look();
    const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 204;
    if (status === 'nothing') return;
    response.writeHead(status, { location: '/elsewhere' }).end();
  };
  const server = serverFor(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    port,
    url: `${protocol}://127.0.0.1:${port}/told?of=jobs`,
    /** Waits for the nth request. */
    heard: (times: number) =>
      new Promise<Received>((resolve) => {
        const look = () => {
          const found = received[times - 1];
          if (!found) return;
          heard.delete(look);
          resolve(found);
        };
        heard.add(look);
        look();
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
