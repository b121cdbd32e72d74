import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type Checkpoint,
  Checkpoints,
  forgetCheckpoints,
} from '../../../src/activities/camera/checkpoints.ts';
import { writerFor } from '../../../src/activities/write-artifact.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { createTestBucket } from '../../support/servers.ts';

const job = '00000000-0000-4000-8000-000000000001';
const log = { info() {}, warn() {}, error() {} };
let store: ArtifactStore;
let remove: () => Promise<void>;
beforeAll(async () => {
  const bucket = await createTestBucket();
  store = openStore({ bucket: bucket.name, forcePathStyle: true });
  remove = () => bucket.remove();
});
afterAll(() => remove());

const at = (made_with: string, chunk: number): Checkpoint => ({
  ...{ made_with, chunk, last_s: chunk, ended: false, frames: 0 },
  ...{ corrupt_frames: 0, scene_changes: 0, events: 0, duplicates: 0 },
});
const write = (made_with: string, chunk: number) =>
  new Checkpoints(store, job, made_with).write(
    writerFor({ store, log }, job, 'processing', new AbortController().signal),
    at(made_with, chunk),
    Buffer.from(`${made_with} ${chunk}`),
  );

test('each version of the software goes on from its own checkpoint, however many the other has left', async () => {
  const [older, newer] = ['aaaaaaaa', 'bbbbbbbb'];
  for (let chunk = 0; chunk <= 5; chunk++) await write(older, chunk);
  expect(await new Checkpoints(store, job, newer).newest()).toBeNull();
  for (let chunk = 0; chunk <= 2; chunk++) await write(newer, chunk);
  const newest = await new Checkpoints(store, job, newer).newest();
  expect(newest?.at).toEqual(at(newer, 2));
  expect(String(await newest?.saved())).toBe('bbbbbbbb 2');
  expect((await new Checkpoints(store, job, older).newest())?.at.chunk).toBe(5);
  const keys: string[] = [];
  for await (const { key } of store.list('jobs/')) keys.push(key);
  // Two of each: whoever reads one is not left without it.
  expect(keys).toHaveLength(4);
  await forgetCheckpoints(store, job);
  expect(await new Checkpoints(store, job, older).newest()).toBeNull();
});
