import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { idleConnections } from '../../../src/api/plugins/idle-connections.ts';
import { refusedBodies } from '../../../src/api/plugins/refused-bodies.ts';

/** An API that refuses every upload at its first bytes, and a client that is to send 100 of them. */
async function refusedUpload(patienceMs: number) {
  const api = Fastify();
  await api.register(refusedBodies, { patienceMs });
  await api.register(idleConnections);
  api.addContentTypeParser('*', (_request, _body, done) => done(null));
  api.post('/', async (_request, reply) => reply.code(415).send('no'));
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  let got = '';
  client.on('data', (bytes) => {
    got += bytes;
  });
  const answered = async () => {
    while (!got.endsWith('no')) await once(client, 'data');
    got = '';
  };
  const begin = () =>
    client.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 100\r\n\r\n0123456789');
  begin();
  await answered();
  return { api, client, answered, begin, closed: once(client, 'close') };
}

const forever = 2 ** 30;

test('a client that was refused and sends no more does not keep the API from closing', async () => {
  const { api, closed } = await refusedUpload(forever);
  await api.close();
  await closed;
});

test('nor does one that sends the rest while the API closes', async () => {
  const { api, client, closed } = await refusedUpload(forever);
  const closing = api.close();
  client.write('x'.repeat(90));
  await closing;
  await closed;
});

test('the API open, one that sends no more is cut when patience ends', async () => {
  const { api, closed } = await refusedUpload(10);
  await closed;
  await api.close();
});

test('the rest is thrown away, and the next request on the same connection is answered', async () => {
  const { api, client, answered, begin } = await refusedUpload(forever);
  client.write('x'.repeat(90));
  begin();
  await answered();
  expect(client.destroyed).toBe(false);
  await api.close();
});
