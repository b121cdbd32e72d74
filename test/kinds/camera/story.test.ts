import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import type { CameraResult, StoredResult } from '../../../src/kinds/camera/analysis/result.ts';
import { readResult } from '../../../src/kinds/camera/api/read-result.ts';
import type { EventStore, StoredEvent } from '../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../src/kinds/camera/events/open-event-store.ts';
import { type System, startSystem, type WorkerProcess } from '../../workflows/support/system.ts';
import { reachedChunk } from './support/reached-chunk.ts';

const root = join(import.meta.dirname, '../../..');
const people = join(root, 'samples/people-one-by-one.mp4');
const truth = JSON.parse(
  readFileSync(join(import.meta.dirname, 'clips/people-one-by-one.intervals.json'), 'utf8'),
) as { intervals: { start_s: number; end_s: number }[] };
const recorded_at = '2026-07-01T18:00:00.000Z';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-camera-story-'));
let system: System;
let worker: WorkerProcess;
let events: EventStore;

const startWorker = () =>
  system.startWorker({
    DOUBLETAKE_KINDS: 'camera',
    DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
    DOUBLETAKE_CAMERA_CHUNK_FRAMES: '200',
  });

beforeAll(async () => {
  system = await startSystem('camera');
  worker = await startWorker();
  const log = { info() {}, warn() {}, error() {} };
  events = openEventStore({}, system.database, log);
});
afterAll(async () => {
  await events?.close();
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const submit = (user_id: string, options: object = { recorded_at }, path = people) =>
  system.submitAs(
    'camera',
    { name: 'people-one-by-one.mp4', bytes: readFileSync(path), media_type: 'video/mp4' },
    { user_id, options: { ...options } },
  );
const ended = (id: string, attempt = 1) =>
  system.until(id, (job) => job.attempt === attempt && !isOpen(job.phase), 300);
const resultOf = (job: Job) => readResult(events, job, job.result as unknown as StoredResult);
const storedOf = async (user: string) =>
  (await events.of(user).listEvents({}, { limit: 100, order: 'asc' })).items;
/** What is the same however often the worker was killed. */
const lasting = ({ events: found }: CameraResult) =>
  found.map(({ created_at, updated_at, job_id, image_path, json_log_path, ...rest }) => rest);

let undisturbed: CameraResult;

test('people who come one by one and stand still: an event each, a picture and a log', async () => {
  const { job_id } = await submit('anna');
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'done', progress_pct: 100, error_message: null });
  undisturbed = await resultOf(job);
  expect(undisturbed).toMatchObject({
    ...{ camera_id: 'default', time_source: 'recorded_at', started_at: recorded_at },
    ...{ frames: 1394, events_found: 6, events_stored_before: 0, events_left_out: 0 },
  });
  for (const [n, { start_s, end_s }] of truth.intervals.entries()) {
    const event = undisturbed.events[n];
    const seconds = (at: string | null | undefined) =>
      (Date.parse(at as string) - Date.parse(recorded_at)) / 1000;
    expect(Math.abs(seconds(event?.started_at) - start_s)).toBeLessThan(1.5);
    expect(Math.abs(seconds(event?.ended_at) - end_s)).toBeLessThan(1.5);
    expect(event?.detected_objects.map(({ label }) => label)).toContain('person');
    const picture = await system.store.get(event?.image_path as string);
    expect(picture.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const log = JSON.parse(String(await system.store.get(event?.json_log_path as string)));
    expect(log).toMatchObject({ event_id: event?.event_id, end_reason: 'ended' });
    expect(log.picture_at >= log.started_at && log.picture_at <= log.ended_at).toBe(true);
  }
  expect(await storedOf('anna')).toHaveLength(6);
});

test('the same recording again: nothing is stored, a warning for each, and all is as it was', async () => {
  const before = await storedOf('anna');
  const job = await ended((await submit('anna')).job_id);
  expect(await resultOf(job)).toMatchObject({ events_found: 6, events_stored_before: 6 });
  expect(lasting(await resultOf(job))).toEqual(lasting(undisturbed));
  expect(await storedOf('anna')).toEqual(before);
  const warnings = worker.lines.filter(({ level, event_id }) => level === 40 && event_id !== undefined);
  expect(warnings.map(({ event_id }) => event_id).sort()).toEqual(
    before.map(({ event_id }) => event_id).sort(),
  );
});

test('a worker that is killed twice in the middle: the same events, under the same ids', async () => {
  const { job_id } = await submit('berta');
  for (const chunk of [1, 3]) {
    await reachedChunk(system, job_id, chunk);
    await worker.stop('SIGKILL');
    worker = await startWorker();
  }
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'done', attempt: 1 });
  expect(lasting(await resultOf(job))).toEqual(lasting(undisturbed));
  expect((await resultOf(job)).events_stored_before).toBe(0);
  expect(await storedOf('berta')).toHaveLength(6);
});

test('an event that lost its picture: the job fails and says so, and a retry makes it whole', async () => {
  const em = system.database.em();
  await em.execute(
    `CREATE FUNCTION lose_picture() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN NEW.image_path = NULL; RETURN NEW; END $$`,
  );
  await em.execute(
    `CREATE TRIGGER loses BEFORE UPDATE ON events FOR EACH ROW WHEN (NEW.owner = 'clara') EXECUTE FUNCTION lose_picture()`,
  );
  const { job_id } = await submit('clara');
  expect(await ended(job_id)).toMatchObject({
    status: 'failed',
    error_type: 'CriticalArtifactsMissing',
    error_message: expect.stringMatching(/events=MISSING images=MISSING/),
  });
  await em.execute('DROP FUNCTION lose_picture CASCADE');
  await retryJob(system.database, job_id, { by: 'clara' });
  system.relay.wake();
  const job = await ended(job_id, 2);
  expect(job).toMatchObject({ status: 'done' });
  expect(lasting(await resultOf(job))).toEqual(lasting(undisturbed));
});

test('a cancelled job closes its open event; retried, it goes on and finds what the others found', async () => {
  const { job_id } = await submit('dora');
  await system.until(job_id, (job) => isOpen(job.phase));
  while (!(await storedOf('dora')).some(({ ended_at }) => ended_at === null))
    await system.until(job_id, (job) => isOpen(job.phase));
  await requestCancel(system.database, job_id, { by: 'dora', why: 'a test' });
  system.relay.wake();
  expect(await ended(job_id)).toMatchObject({ status: 'canceled' });
  const closed = await storedOf('dora');
  expect(closed.every(({ ended_at }) => ended_at !== null)).toBe(true);
  expect(closed.at(-1)?.end_reason).toBe('stopped');
  await retryJob(system.database, job_id, { by: 'dora' });
  system.relay.wake();
  expect(lasting(await resultOf(await ended(job_id, 2)))).toEqual(lasting(undisturbed));
});

test('an event that is deleted while its recording is watched does not come back, and fails nothing', async () => {
  const { job_id } = await submit('fanny');
  const closed = async () => (await storedOf('fanny')).find(({ ended_at }) => ended_at !== null);
  while (!(await closed())) await system.until(job_id, (job) => isOpen(job.phase));
  const event = (await closed()) as StoredEvent;
  await events.of('fanny').beginRemoval(event.event_id);
  await system.store.deleteKeys([event.image_path as string, event.json_log_path as string]);
  await events.deleteEvents([event]);
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'done', error_message: null });
  expect((await storedOf('fanny')).map(({ event_id }) => event_id)).not.toContain(event.event_id);
  expect(await storedOf('fanny')).toHaveLength(5);
});

test('a recording that was cancelled, and uploaded anew: the event that was cut off is seen to its end', async () => {
  const first = await submit('gerda');
  while (!(await storedOf('gerda')).some(({ ended_at }) => ended_at === null))
    await system.until(first.job_id, (job) => isOpen(job.phase));
  await requestCancel(system.database, first.job_id, { by: 'gerda', why: 'a test' });
  system.relay.wake();
  expect(await ended(first.job_id)).toMatchObject({ status: 'canceled' });
  const cut = (await storedOf('gerda')).at(-1) as StoredEvent;
  expect(await system.store.head(cut.json_log_path as string)).not.toBeNull();
  const again = await submit('gerda');
  expect(await ended(again.job_id)).toMatchObject({ status: 'done' });
  const whole = await events.of('gerda').findEvent(cut.event_id);
  expect(whole).toMatchObject({ end_reason: 'ended', job_id: again.job_id });
  expect(await storedOf('gerda')).toHaveLength(6);
});

test('a recording in which nothing happens is done, with no event', async () => {
  const clip = join(import.meta.dirname, 'clips/brightness-change.avi');
  const job = await ended((await submit('emma', {}, clip)).job_id);
  expect(job).toMatchObject({ status: 'done', result: { events_found: 0, time_source: 'upload' } });
});

test('the daily look: an event whose picture is gone names it no longer', async () => {
  const [event] = await storedOf('anna');
  await system.store.deleteKeys([event?.image_path as string]);
  await system.database.em().execute(`UPDATE events SET updated_at = now() - interval '1 day'`);
  const { taskQueue } = system;
  const look = { workflowId: `${taskQueue}-look`, taskQueue, args: [] };
  expect(await system.client.workflow.execute('cameraObjects', look)).toEqual({ forgotten: 1 });
  expect((await storedOf('anna'))[0]).toMatchObject({ event_id: event?.event_id, image_path: null });
});
