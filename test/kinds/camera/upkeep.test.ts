import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { stateOfEvent } from '../../../src/activities/camera/event-state.ts';
import { makeCameraUpkeep } from '../../../src/activities/camera/upkeep.ts';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import type { Phase } from '../../../src/domain/phase.ts';
import { eventObjectKey } from '../../../src/kinds/camera/events/event-objects.ts';
import type { EventStore, OwnersEvents } from '../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../src/kinds/camera/events/open-event-store.ts';
import { databaseKinds } from '../../../src/kinds/for-database.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { createMigratedDatabase, createTestBucket } from '../../support/servers.ts';

const told: { fields: object; message: string }[] = [];
const log = {
  info() {},
  warn: (fields: object, message: string) => told.push({ fields, message }),
  error() {},
};
const day = 86_400_000;
let database: Database;
let store: ArtifactStore;
let events: EventStore;
let mine: OwnersEvents;
let close: () => Promise<void>;
/** By job: absent is gone. */
const phases = new Map<string, Phase>();
const live = new Set<string>();

beforeAll(async () => {
  const [testDatabase, bucket] = await Promise.all([createMigratedDatabase(), createTestBucket()]);
  database = await openDatabase(testDatabase.url, { kinds: databaseKinds });
  store = openStore({ bucket: bucket.name, forcePathStyle: true });
  events = openEventStore({}, database, log);
  mine = events.of('anna');
  close = async () => {
    await events.close();
    await database.close();
    await Promise.all([bucket.remove(), testDatabase.drop()]);
  };
});
afterAll(() => close());
afterEach(async () => {
  for (const { camera_id } of await mine.listCameras()) await mine.deleteCamera(camera_id);
  await store.deletePrefix('cameras/');
});

const upkeep = (given: Partial<Pick<ArtifactStore, 'deleteKeys'>> = {}) =>
  makeCameraUpkeep({
    store: {
      deleteKeys: given.deleteKeys ?? ((keys, options) => store.deleteKeys(keys, options)),
      head: (key) => store.head(key),
    },
    events,
    findJob: async (id) => {
      const phase = phases.get(id);
      return phase ? { phase, options: live.has(id) ? { url: 'rtsp://camera' } : {} } : null;
    },
    log,
  });
const run = <T>(activity: (...args: never[]) => Promise<T>, ...args: unknown[]): Promise<T> =>
  new MockActivityEnvironment().run(activity as (...args: unknown[]) => Promise<T>, ...args);

/** An event that was stored so many days ago, when it had lasted a minute, with its objects. */
async function happened(camera_id: string, daysAgo: number, more: object = {}): Promise<string> {
  const event_id = randomUUID();
  const start = Date.now() - daysAgo * day;
  const { key } = await mine.ensureCamera(camera_id);
  const image_path = eventObjectKey(key, event_id, 'picture.jpg');
  const json_log_path = eventObjectKey(key, event_id, 'log.json');
  for (const path of [image_path, json_log_path]) await store.put(path, 'x', { mediaType: 'text/plain' });
  const event = {
    ...{ event_id, camera_id, image_path, json_log_path, time_source: 'recorded_at' as const },
    started_at: new Date(start).toISOString(),
    ended_at: new Date(start + 60_000).toISOString(),
    created_at: new Date(start).toISOString(),
    ...more,
  };
  await mine.insertEvent(event);
  return event_id;
}
const left = async () => (await mine.listEvents({}, { limit: 100 })).items.map(({ event_id }) => event_id);
const objects = async () => {
  const keys: string[] = [];
  for await (const { key } of store.list('cameras/')) keys.push(key);
  return keys;
};

test('events past their retention go, objects first; a camera of its own days and what is kept stay', async () => {
  await mine.createCamera('long', { retention_days: 400 });
  const old = [await happened('yard', 31), await happened('yard', 90)];
  const stays = [
    await happened('yard', 29),
    await happened('yard', 90, { keep: true }),
    await happened('long', 90),
  ];

  const refuses = upkeep({
    deleteKeys: async () => {
      throw new Error('S3 is away');
    },
  });
  await expect(run(refuses.removeExpiredEvents, { days: 30 })).rejects.toThrow('S3 is away');
  // No row went before its objects, and nobody sees it meanwhile.
  expect((await left()).sort()).toEqual([...stays].sort());
  expect((await events.removedEvents(10)).map(({ event_id }) => event_id).sort()).toEqual([...old].sort());
  expect(await objects()).toHaveLength(2 * (old.length + stays.length));

  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(2);
  expect(await events.removedEvents(10)).toEqual([]);
  expect((await left()).sort()).toEqual([...stays].sort());
  const keys = await objects();
  expect(keys).toHaveLength(2 * stays.length);
  expect(keys.every((key) => stays.some((id) => key.includes(id)))).toBe(true);
  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(0);
});

test('what an ended job left open is closed when it was last seen; what a running job watches stays open', async () => {
  const [ended, gone, running] = [randomUUID(), randomUUID(), randomUUID()];
  phases.set(ended, 'failed').set(running, 'running');
  const started_at = '2026-07-01T18:00:00.000Z';
  const last_seen_at = '2026-07-01T18:00:42.000Z';
  const open = (job_id: string) =>
    happened('door', 1, { job_id, started_at, last_seen_at, ended_at: null, keep: true });
  const ids = [await open(ended), await open(gone), await open(running)];
  expect(await run(upkeep().closeAbandonedEvents)).toBe(2);
  const found = await Promise.all(ids.map((id) => mine.findEvent(id)));
  expect(found.map((event) => [event?.ended_at, event?.end_reason])).toEqual([
    [last_seen_at, 'stopped'],
    [last_seen_at, 'stopped'],
    [null, null],
  ]);
});

test('a recording of last year: its events stay while its job is at work, and for their days after that', async () => {
  const [job_id, stream, ended] = [randomUUID(), randomUUID(), randomUUID()];
  phases.set(job_id, 'running').set(stream, 'running').set(ended, 'succeeded');
  live.add(stream);
  const lastYear = { started_at: '2020-07-01T18:00:00.000Z', ended_at: '2020-07-01T18:01:00.000Z' };
  const stored = await happened('yard', 0, { ...lastYear, job_id, created_at: undefined });
  // What a job has stored so long ago that it would go, but has yet to promise.
  const early = await happened('yard', 31, { ...lastYear, job_id });
  // A live source is watched for years.
  await happened('yard', 31, { job_id: stream });
  await happened('yard', 31, { job_id: ended });
  await happened('yard', 31, { ...lastYear, job_id: null });
  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(3);
  expect((await left()).sort()).toEqual([stored, early].sort());
  phases.set(job_id, 'succeeded');
  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(1);
  expect(await left()).toEqual([stored]);
});

test('what a box names of other cameras, users and events stays when its event goes', async () => {
  const victim = await happened('bedroom', 1);
  const neighbour = await happened('yard', 1);
  const kept = (await objects()).sort();
  const [, others] = [await events.of('berta').ensureCamera('yard'), await mine.findCamera('bedroom')];
  const own = await mine.findCamera('yard');
  const old = new Date(Date.now() - 90 * day).toISOString();
  const box = { camera_id: 'yard', timestamp: old, created_at: old };
  const sly = [
    eventObjectKey(others?.key as string, victim, 'picture.jpg'),
    eventObjectKey(own?.key as string, neighbour, 'picture.jpg'),
    'originals/somebody/recording',
  ];
  await store.put('originals/somebody/recording', 'x', { mediaType: 'video/mp4' });
  const rows = sly.map((image_path, n) => ({
    ...box,
    event_id: `sly-${n}`,
    image_path,
    json_log_path: image_path,
  }));
  expect(await mine.insertEvents(rows)).toMatchObject({ inserted: 3 });
  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(3);
  expect((await objects()).sort()).toEqual(kept);
  expect(await store.head('originals/somebody/recording')).not.toBeNull();
  expect((await left()).sort()).toEqual([victim, neighbour].sort());
});

test('what is kept while objects are being removed is refused or stays: never a row without its objects', async () => {
  const [first, second] = [await happened('yard', 31), await happened('yard', 400)];
  const patched: unknown[] = [];
  const busy = upkeep({
    async deleteKeys(keys, options) {
      for (const id of [first, second]) patched.push(await mine.patchEvent(id, { keep: true }, 'anna'));
      await store.deleteKeys(keys, options);
    },
  });
  // One of them is kept between the look for what is old and its removal.
  const looks = events.expiredEvents;
  events.expiredEvents = async (...asked) => {
    const found = await looks(...asked);
    await mine.patchEvent(second, { keep: true }, 'anna');
    return found;
  };
  try {
    expect(await run(busy.removeExpiredEvents, { days: 30 })).toBe(1);
  } finally {
    events.expiredEvents = looks;
  }
  expect(patched).toMatchObject([null, { event_id: second, keep: true }]);
  expect(await left()).toEqual([second]);
  expect(await objects()).toHaveLength(2);
});

test('what a removal left in the middle is finished; a picture that is gone is named no longer', async () => {
  const [whole, halfway] = [await happened('yard', 1), await happened('yard', 1)];
  const keyOf = async (id: string) => (await mine.findEvent(id))?.image_path as string;
  const [picture, gone] = [await keyOf(whole), await keyOf(halfway)];
  // As the API does it; then the process is killed.
  await mine.beginRemoval(halfway);
  const { key } = await mine.ensureCamera('yard');
  const event = { event_id: halfway, stored: true };
  expect(await stateOfEvent({ store, mine }, key, event)).toBe('deleted');
  await store.deleteKeys([gone]);
  expect(await left()).toEqual([whole]);
  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(1);
  expect(await objects()).toHaveLength(2);

  // Events that have been as they are for hours.
  const old = new Date(Date.now() - day).toISOString();
  const foreign = { image_path: '/data/1.jpg', json_log_path: 'cameras/another/log.json' };
  const box = { camera_id: 'yard', timestamp: old, created_at: old };
  await mine.insertEvents([{ ...box, ...foreign, event_id: 'box' }]);
  await database.em().execute(`UPDATE events SET updated_at = now() - interval '1 day'`);
  await happened('door', 0);
  const look = () => run(upkeep().forgetMissingObjects, { after: null });
  expect(await look()).toEqual({ after: null, forgotten: 0 });
  await store.deleteKeys([picture]);
  told.length = 0;
  expect(await look()).toEqual({ after: null, forgotten: 1 });
  expect(told).toMatchObject([{ fields: { owner: 'anna', event_id: whole, keys: [picture] } }]);
  expect(await mine.findEvent(whole)).toMatchObject({ image_path: null, json_log_path: expect.any(String) });
  expect(await mine.findEvent('box')).toMatchObject(foreign);
  expect(await look()).toEqual({ after: null, forgotten: 0 });
});
