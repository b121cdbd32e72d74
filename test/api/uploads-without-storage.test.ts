import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';
import { squats } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { creation, piece } from './tus-requests.ts';

let servers: ThrowawayServers;
let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  servers = await startOwnServers();
  // For the whole file: a client of S3 looks for its address when it first asks.
  process.env.AWS_ENDPOINT_URL_S3 = servers.environment.AWS_ENDPOINT_URL_S3;
  api = await startApi();
  coach = await api.user();
});
afterAll(async () => {
  await api?.close();
  await servers?.stop();
});

const first = { ...piece, 'upload-offset': '0' };
const body = new Uint8Array(squats);

test('an upload while S3 is away hears of the storage, not of the database, and goes on after it', async () => {
  const begun = await api.ask(coach, 'POST', '/api/uploads', { headers: creation(squats.length) });
  const path = begun.headers.get('location') as string;

  await servers.s3.kill();
  const away = { type: 'urn:doubletake:problem:storage-unavailable', status: 503 };
  const sent = await api.ask(coach, 'PATCH', path, { headers: first, body });
  expect(sent.body).toMatchObject(away);
  expect(sent.headers.get('retry-after')).toBe('5');
  const another = await api.ask(coach, 'POST', '/api/uploads', { headers: creation(squats.length) });
  expect(another.body).toMatchObject(away);

  await servers.s3.start();
  const again = await api.ask(coach, 'PATCH', path, { headers: first, body });
  expect(again.status).toBe(204);
  expect(again.headers.get('upload-offset')).toBe(String(squats.length));
});
