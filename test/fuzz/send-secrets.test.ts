import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretsIn } from '../../fuzz/api/secrets-in.ts';
import { places, sendSecrets, untoldPlaces } from '../../fuzz/api/send-secrets.ts';

let server: Server;
let url: string;
let received = '';

/** Takes note of every byte, and answers each request once its end has come or the client is silent. */
beforeAll(async () => {
  server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        received += bytes.toString('latin1');
        clearTimeout(silence);
        silence = setTimeout(answer, 20);
      });
    const answer = () =>
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    let silence = setTimeout(answer, 5000);
    socket.once('close', () => clearTimeout(silence));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const secret = 'dt_+/ab 0123456789ABCdef==';

test.each(Object.keys(places))('the secret goes by %s', async (name) => {
  received = '';
  const answer = await places[name]?.(url, { key: 'another', secret }).catch(() => undefined);
  if (answer instanceof Response) await answer.text();
  expect(secretsIn(received, { it: secret })).toHaveLength(1);
});

test('each secret goes by each place, and some of the places tell nothing whatever it is', async () => {
  expect(Object.keys(untoldPlaces)).toHaveLength(Object.keys(places).length - 7);
  const secrets = [secret, 'whsec_another-one-0123456789'];
  received = '';
  await sendSecrets(url, 'the key', secrets);
  const requests = received.split(/HTTP\/1\.1|LOGIN/).length - 1;
  expect(requests).toBeGreaterThanOrEqual(secrets.length * Object.keys(places).length);
  received = '';
  await sendSecrets(url, 'the key', ['nothing but a word'], { one: places['a cookie'] as never });
  expect(received.split('HTTP/1.1')).toHaveLength(2);
  expect(received).toContain('session=nothing but a word');
});
