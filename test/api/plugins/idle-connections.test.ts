import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { idleConnections } from '../../../src/api/plugins/idle-connections.ts';

test('a connection on which nothing was asked keeps the API from closing no longer than others', async () => {
  const api = Fastify();
  await api.register(idleConnections);
  api.get('/', async () => 'ok');
  const { port } = new URL(await api.listen({ port: 0, host: '127.0.0.1' }));
  const [silent, asking] = [connect(Number(port), '127.0.0.1'), connect(Number(port), '127.0.0.1')];
  await Promise.all([once(silent, 'connect'), once(asking, 'connect')]);
  asking.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(asking, 'data');
  const ended = Promise.all([once(silent.resume(), 'close'), once(asking.resume(), 'close')]);
  await api.close();
  await ended;
  expect(await new Promise((resolve) => api.server.getConnections((_error, count) => resolve(count)))).toBe(
    0,
  );
});
