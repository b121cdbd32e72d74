import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
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

const log = { info() {}, warn() {}, error() {} };
const day = 86_400_000;
let database: Database;
let store: ArtifactStore;
let events: EventStore;
let mine: OwnersEvents;
let close: () => Promise<void>;
/** By job: absent is gone. */
const phases = new Map<string, Phase>();

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

const upkeep = (given: Partial<Pick<ArtifactStore, 'deleteKeys'>> = {}) =>
  makeCameraUpkeep({
    store: { deleteKeys: given.deleteKeys ?? ((keys, options) => store.deleteKeys(keys, options)) },
    events,
    findJob: async (id) => {
      const phase = phases.get(id);
      return phase ? { phase } : null;
    },
    log,
  });
const run = <T>(activity: (...args: never[]) => Promise<T>, ...args: unknown[]): Promise<T> =>
  new MockActivityEnvironment().run(activity as (...args: unknown[]) => Promise<T>, ...args);

/** An event that began so many days ago and lasted a minute, with its objects. */
async function happened(camera_id: string, daysAgo: number, more: object = {}): Promise<string> {
  const event_id = randomUUID();
  const start = Date.now() - daysAgo * day;
  const { key } = await mine.ensureCamera(camera_id);
  const image_path = eventObjectKey(key, event_id, 'picture.jpg');
  const json_log_path = eventObjectKey(key, event_id, 'log.json');
  for (const path of [image_path, json_log_path]) await store.put(path, 'x', { mediaType: 'text/plain' });
  await mine.insertEvent({
    ...{ event_id, camera_id, image_path, json_log_path, time_source: 'recorded_at' },
    started_at: new Date(start).toISOString(),
    ended_at: new Date(start + 60_000).toISOString(),
    ...more,
  });
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
  // No row went before its objects.
  expect((await left()).sort()).toEqual([...old, ...stays].sort());

  expect(await run(upkeep().removeExpiredEvents, { days: 30 })).toBe(2);
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
