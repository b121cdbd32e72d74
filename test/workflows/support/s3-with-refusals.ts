import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** S3 as it is, but refusing what the test says; a policy of the bucket would do the same. */
export interface S3WithRefusals {
  endpoint: string;
  refuse(method: string, key: RegExp): void;
  /** The connection breaks, as when the server is away, until `restore`. Resolves at the first time it does. */
  goAway(method: string, key: RegExp): Promise<void>;
  restore(): void;
  close(): Promise<void>;
}

const refusal =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

export async function openS3WithRefusals(): Promise<S3WithRefusals> {
  const real = new URL(process.env.AWS_ENDPOINT_URL_S3 as string);
  const refused: { method: string; key: RegExp }[] = [];
  let away: { method: string; key: RegExp; noticed: () => void } | undefined;
  const server = createServer((incoming, answer) => {
    const { method = '', url = '', headers } = incoming;
    const path = decodeURIComponent(url.split('?')[0] as string);
    if (away && away.method === method && away.key.test(path)) {
      away.noticed();
      incoming.destroy();
      return;
    }
    if (refused.some((one) => one.method === method && one.key.test(path))) {
      incoming.resume().on('end', () => {
        answer.writeHead(403, { 'content-type': 'application/xml' }).end(refusal);
      });
      return;
    }
    // The host's name is part of the signature: it goes through as it came.
    const outgoing = request({ host: real.hostname, port: real.port, method, path: url, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (method, key) => {
      refused.push({ method, key });
    },
    goAway: (method, key) =>
      new Promise((noticed) => {
        away = { method, key, noticed };
      }),
    restore: () => {
      away = undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
