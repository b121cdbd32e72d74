import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StorageUnavailable } from '../../src/domain/errors.ts';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';

const mediaType = 'application/octet-stream';
const mebibyte = 1024 * 1024;
/** A machine with much to do pauses for a second or two, which is no outage. */
const idleTimeoutMs = 4000;
const before = process.env.AWS_ENDPOINT_URL_S3;
let servers: ThrowawayServers;
let store: ArtifactStore;
let folder: string;

beforeAll(async () => {
  servers = await startOwnServers();
  folder = await mkdtemp(join(tmpdir(), 'doubletake-outage-'));
  process.env.AWS_ENDPOINT_URL_S3 = servers.environment.AWS_ENDPOINT_URL_S3;
  const bucket = servers.environment.DOUBLETAKE_BUCKET as string;
  store = openStore({ bucket, forcePathStyle: true, idleTimeoutMs });
  await store.ensureBucket();
});
afterAll(async () => {
  process.env.AWS_ENDPOINT_URL_S3 = before;
  await rm(folder, { recursive: true });
  await servers.stop();
});

test('S3 killed: told as unavailable, and served again when it is back', async () => {
  await store.put('k', 'before', { mediaType });
  await servers.s3.kill();
  await expect(store.put('k2', 'x', { mediaType })).rejects.toThrow(StorageUnavailable);
  await expect(store.head('k')).rejects.toThrow(StorageUnavailable);
  await expect(store.ping()).rejects.toThrow(StorageUnavailable);
  await servers.s3.start();
  expect(String(await store.get('k'))).toBe('before');
});

test('S3 killed in the middle of an upload: what is left over is given up later', async () => {
  const endless = Readable.from(
    (async function* () {
      for (let n = 0; ; n++) {
        if (n === 40) await servers.s3.kill();
        yield randomBytes(mebibyte);
      }
    })(),
  );
  await expect(store.putStream('ours/half', endless, { mediaType })).rejects.toThrow(StorageUnavailable);
  expect(endless.destroyed).toBe(true);
  await servers.s3.start();
  expect(await store.head('ours/half')).toBeNull();
  const [hourAgo, inAnHour] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
  const onRefused = (refusal: Error) => {
    throw refusal;
  };
  expect(await store.abortUnfinished('ours/', { before: hourAgo, onRefused })).toBe(0);
  expect(await store.abortUnfinished('theirs/', { before: inAnHour, onRefused })).toBe(0);
  expect(await store.abortUnfinished('ours/', { before: inAnHour, onRefused })).toBe(1);
  expect(await store.abortUnfinished('ours/', { before: inAnHour, onRefused })).toBe(0);
});

test('S3 killed in the middle of a download: told as unavailable, and no half file stays', async () => {
  await store.put('large', randomBytes(60 * mebibyte), { mediaType });
  const path = join(folder, 'large');
  let killed: Promise<void> | undefined;
  const onBytes = () => {
    killed ??= servers.s3.kill();
  };
  await expect(store.download('large', path, { onBytes })).rejects.toThrow(StorageUnavailable);
  await killed;
  expect(existsSync(path)).toBe(false);
  await servers.s3.start();
  expect(await store.download('large', path)).toMatchObject({ bytes: 60 * mebibyte });
});

test('S3 that takes connections but does not answer is given up, and works on when it wakes', async () => {
  const { pid } = servers.s3.process;
  process.kill(-pid, 'SIGSTOP');
  try {
    await untilStopped(pid);
    await expect(store.get('k')).rejects.toThrow(StorageUnavailable);
  } finally {
    process.kill(-pid, 'SIGCONT');
  }
  await sleep(50);
  expect(String(await store.get('k'))).toBe('before');
});

/** A signal is only sent by `kill`: until it reaches each thread, requests may still be answered. */
async function untilStopped(pid: number): Promise<void> {
  const isStopped = (thread: string) =>
    / T \d/.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'));
  while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) await sleep(5);
}
