import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeCheck } from '../../src/api/write-check.ts';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';
import { form, squats, video } from './form.ts';
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

/** Lets the S3 server write no byte into any file, as on a disk that is full; it answers all the same. */
async function limitWrites(limit: '0' | 'unlimited'): Promise<void> {
  const pid = String(servers.s3.process.pid);
  await promisify(execFile)('prlimit', ['--pid', pid, `--fsize=${limit}:`]);
}

test('a storage that answers and takes nothing is told as such, to users, to operators and by readiness', async () => {
  const send = () =>
    api.ask(coach, 'POST', '/api/jobs', {
      body: form(['kind', 'technique'], ['file', video(), 'squats.mp4']),
    });
  const begun = await api.ask(coach, 'POST', '/api/uploads', { headers: creation(squats.length) });
  const path = begun.headers.get('location') as string;

  await limitWrites('0');
  const failing = {
    type: 'urn:doubletake:problem:storage-failing',
    status: 503,
    detail: expect.stringMatching(/full or read-only.*an operator has to look/),
  };
  expect((await send()).body).toMatchObject(failing);
  expect((await api.ask(coach, 'PATCH', path, { headers: first, body })).body).toMatchObject(failing);
  const ready = await api.ask(null, 'GET', '/health/ready');
  expect(ready.status).toBe(503);
  expect(ready.body.dependencies.storage).toMatchObject({
    state: 'down',
    reason: 'does not take what is written',
  });
  expect(api.logged()).toContain('the object storage does not take what is written');

  await limitWrites('unlimited');
  expect((await send()).status).toBe(202);
  expect((await api.ask(coach, 'PATCH', path, { headers: first, body })).status).toBe(204);
});

test('a byte is written and removed now and then, not at each question', async () => {
  const { log } = api.api;
  let writes = 0;
  const counted = {
    put: (...call: Parameters<typeof api.store.put>) => {
      writes++;
      return api.store.put(...call);
    },
    deleteKeys: api.store.deleteKeys,
  };
  const often = writeCheck(counted, log);
  await Promise.all([often(), often()]);
  await often();
  expect(writes).toBe(1);
  expect((await api.objects()).filter((key) => key.startsWith('health/'))).toEqual([]);

  const each = writeCheck(counted, log, 0);
  await limitWrites('0');
  await expect(each()).rejects.toThrow(/S3 answers, but could not write/);
  await limitWrites('unlimited');
  await each();
});
