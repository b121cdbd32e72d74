import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';
import { form, squats, video } from './form.ts';
import { prepare, startServer } from './server-process.ts';

let servers: ThrowawayServers;
let headers: { authorization: string };
beforeAll(async () => {
  servers = await startOwnServers();
  headers = await prepare(servers.environment.DATABASE_URL as string);
});
afterAll(() => servers.stop());

const start = (environment = {}) => startServer({ ...servers.environment, ...environment });
const newForm = () => form(['kind', 'technique'], ['file', video(), 'squats.mp4']);
type Server = Awaited<ReturnType<typeof start>>;
const post = (server: Server) =>
  fetch(`${server.url}/api/jobs`, { method: 'POST', body: newForm(), headers });

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let left = 300; left > 0; left--) {
    if (await what().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('It did not happen within 30 s.');
}

test('on SIGTERM an upload under way is finished, streams end, and the process leaves', async () => {
  const server = await start();
  const job = (await (await post(server)).json()) as { id: string };
  const stream = await fetch(`${server.url}/api/jobs/${job.id}/progress`, { headers });
  const streamed = stream.text();

  const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"`;
  const type = { 'content-type': 'multipart/form-data; boundary=x' };
  const upload = request(`${server.url}/api/jobs`, { method: 'POST', headers: { ...headers, ...type } });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    upload.once('response', ({ statusCode }) => resolve(statusCode));
    upload.once('error', reject);
  });
  upload.write(`${part('kind')}\r\n\r\ntechnique\r\n${part('file')}; filename="a.mp4"\r\n\r\n`);
  upload.write(squats.subarray(0, 300_000));
  await sleep(300);
  server.signal('SIGTERM');
  expect(await streamed).toContain('event: progress');
  await until(
    async () =>
      !(await fetch(`${server.url}/health/live`).then(
        () => true,
        () => false,
      )),
  );
  upload.write(squats.subarray(300_000));
  upload.end('\r\n--x--\r\n');
  expect(await answered).toBe(202);
  expect(await server.exited).toBe(0);
});

test('with the database away: not ready by name, 503 problems, and well again without a restart', async () => {
  const server = await start();
  await servers.postgres.kill();
  try {
    await until(async () => (await fetch(`${server.url}/health/ready`)).status === 503);
    const ready = await (await fetch(`${server.url}/health/ready`)).json();
    expect(ready).toMatchObject({ dependencies: { database: { state: 'down' }, storage: { state: 'up' } } });
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    const answer = await fetch(`${server.url}/api/jobs`, { headers });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.text()).not.toMatch(/127\.0\.0\.1|select|password/i);
  } finally {
    await servers.postgres.start();
  }
  await until(async () => (await post(server)).status === 202);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  await server.stop();
});

test('with the storage away an upload is a 503, then works', async () => {
  const server = await start();
  await servers.s3.stop();
  try {
    const answer = await post(server);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ type: 'urn:doubletake:problem:storage-unavailable' });
  } finally {
    await servers.s3.start();
  }
  await until(async () => (await post(server)).status === 202);
  await server.stop();
});

test('with Temporal away from the start jobs are accepted, and started when it is back', async () => {
  await servers.temporal.stop();
  const server = await start();
  const { status } = await post(server);
  expect(status).toBe(202);
  const ready = await (await fetch(`${server.url}/health/ready`)).json();
  expect(ready).toMatchObject({ dependencies: { temporal: { state: 'down' }, database: { state: 'up' } } });
  await servers.temporal.start();
  await until(async () => server.output().includes('relay: workflow started'));
  await server.stop();
});

test('without authentication only this machine’s pages may ask', async () => {
  const server = await start({ DOUBLETAKE_AUTH: 'off' });
  expect((await fetch(`${server.url}/api/jobs`)).status).toBe(200);
  expect(
    (await fetch(`${server.url}/api/jobs`, { headers: { origin: 'http://localhost:5173' } })).status,
  ).toBe(200);
  const foreign = await fetch(`${server.url}/api/jobs`, { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  const rebound = await new Promise<number | undefined>((resolve) =>
    request(`${server.url}/api/jobs`, { headers: { host: 'evil.example' } }, ({ statusCode }) =>
      resolve(statusCode),
    ).end(),
  );
  expect(rebound).toBe(403);
  await server.stop();
});

test('nor does it start anywhere but on loopback', async () => {
  await expect(start({ DOUBLETAKE_AUTH: 'off', DOUBLETAKE_HOST: '0.0.0.0' })).rejects.toThrow(
    /DOUBLETAKE_AUTH/,
  );
});

test('metrics tell of jobs, outbox and relay', async () => {
  const operator = await prepare(servers.environment.DATABASE_URL as string, 'operator');
  const server = await start();
  await post(server);
  await until(async () => {
    const page = await (await fetch(`${server.url}/metrics`, { headers: operator })).text();
    return (
      /doubletake_open_jobs\{kind="technique",phase="queued"\} [1-9]/.test(page) &&
      /doubletake_outbox_depth\{what="job"\} 0/.test(page) &&
      /doubletake_outbox_oldest_seconds\{what="job"\} 0/.test(page) &&
      /doubletake_relay_told_total\{what="job"\} [1-9]/.test(page) &&
      /doubletake_relay_away 0/.test(page) &&
      /process_resident_memory_bytes/.test(page)
    );
  });
  await server.stop();
});
