import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import type { EventStore, StoredEvent } from '../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../src/kinds/camera/events/open-event-store.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { type System, startSystem, type WorkerProcess } from '../../workflows/support/system.ts';
import { blockVideo } from './live/support/block-video.ts';
import { type FileServer, openFileServer, says } from './live/support/file-server.ts';

let scratch: ScratchFolder;
let system: System;
let worker: WorkerProcess;
let events: EventStore;
let server: FileServer;
/** Segments of the playlist that goes on. */
let made = 0;

const startWorker = () =>
  system.startWorker({
    DOUBLETAKE_KINDS: 'camera',
    DOUBLETAKE_QUEUES: 'all',
    DOUBLETAKE_CAMERA_PRIVATE_ADDRESSES: 'allow',
    DOUBLETAKE_CAMERA_LIVE_PER_USER: '1',
  });

beforeAll(async () => {
  scratch = await makeScratchFolder();
  mkdirSync(scratch.file('hls'));
  blockVideo(scratch.file('hls/live.m3u8'), {
    seconds: 20,
    moving: [[5, 16]],
    muxerOptions: { hls_time: '2', hls_list_size: '0' },
  });
  server = await openFileServer(scratch.file('hls'));
  const going = () =>
    [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:1',
      ...Array.from({ length: made }, (_, n) => `#EXTINF:2,\nlive${n}.ts`),
    ].join('\n');
  server.answers.set('/going.m3u8', says(going));
  system = await startSystem('camera-live');
  worker = await startWorker();
  events = openEventStore({}, system.database, { info() {}, warn() {} });
}, 120_000);

afterAll(async () => {
  await events?.close();
  await system?.close();
  await server?.close();
  await scratch?.remove();
});

async function watch(path: string, camera_id: string): Promise<Job> {
  const nothing = { original_key: null, media_type: null, bytes: null, sha256: null };
  const { job } = await acceptJob(system.database, {
    session: { id: randomUUID(), user_id: 'owner-1', file_name: camera_id, ...nothing },
    job: {
      job_id: randomUUID(),
      user_id: 'owner-1',
      kind: 'camera',
      options: { camera_id, url: server.url(path) },
    },
  });
  system.relay.wake();
  return job;
}

async function cancel({ job_id }: Job): Promise<Job> {
  await requestCancel(system.database, job_id, { by: 'owner-1', why: 'a test' });
  system.relay.wake();
  return system.until(job_id, ({ phase }) => !isOpen(phase));
}

const eventsOf = async (camera_id: string) =>
  (await events.of('owner-1').listEvents({ camera_id }, { limit: 100, order: 'asc' })).items;

async function until(camera_id: string, is: (found: StoredEvent[]) => boolean): Promise<StoredEvent[]> {
  for (;;) {
    const found = await eventsOf(camera_id);
    if (is(found)) return found;
    await sleep(100);
  }
}

async function awayOf(camera_id: string): Promise<void> {
  while (!(await events.of('owner-1').findCamera(camera_id))?.offline_since) await sleep(100);
}

test('what happens is stored while it is watched, once, however often it is watched', async () => {
  const first = await watch('live.m3u8', 'yard');
  const [event] = (await until('yard', ([one]) => one?.ended_at != null)) as [StoredEvent];
  expect(event).toMatchObject({ end_reason: 'ended', time_source: 'arrival', job_id: first.job_id });
  for (const key of [event.image_path, event.json_log_path, event.clip?.key])
    expect(await system.store.head(key as string)).not.toBeNull();
  const lasted = (Date.parse(event.ended_at as string) - Date.parse(event.started_at)) / 1000;
  expect(Math.abs(lasted - 11)).toBeLessThan(1.5);
  // The playlist has ended: the camera is away, and the job goes on.
  await awayOf('yard');
  expect(isOpen((await system.job(first.job_id)).phase)).toBe(true);

  // Another job for it waits; so does one for another camera, as this user may have only one.
  const second = await watch('live.m3u8', 'yard');
  const other = await watch('live.m3u8', 'door');
  for (const { workflow_id, job_id } of [second, other]) {
    await system.until(job_id, ({ phase }) => phase === 'running');
    const handle = system.client.workflow.getHandle(workflow_id);
    const waits = async () =>
      JSON.stringify((await handle.fetchHistory()).events).includes('timerStartedEventAttributes');
    while (!(await waits())) await sleep(100);
  }
  expect(await eventsOf('door')).toEqual([]);
  expect(await cancel(other)).toMatchObject({ status: 'canceled' });
  expect(await cancel(first)).toMatchObject({ status: 'canceled' });

  // It reads all of it once more, and adds nothing.
  const before = server.requests.length;
  while (!server.requests.slice(before).some(({ path }) => path === '/live9.ts')) await sleep(100);
  await worker.said('a live source is away; it will be tried again', 2);
  expect(await eventsOf('yard')).toEqual([event]);
  expect(await cancel(second)).toMatchObject({ status: 'canceled' });
});

test('an event goes on under its id, and is closed once, though the worker is killed', async () => {
  made = 4;
  const job = await watch('going.m3u8', 'gate');
  const [open] = (await until('gate', ([one]) => one?.image_path != null)) as [StoredEvent];
  expect(open).toMatchObject({ ended_at: null, job_id: job.job_id });
  await worker.stop('SIGKILL');
  const before = server.requests.length;
  worker = await startWorker();
  // Where all that there was had been read, it finds nothing new yet.
  while (server.requests.length === before) await sleep(100);
  made = 10;
  // To the end of what there is: the camera is away then, and nothing of it is open.
  await awayOf('gate');
  const found = await eventsOf('gate');
  expect(found.map(({ ended_at }) => ended_at)).not.toContain(null);
  // One event where the segment in which it began is read once more, else two that follow one another.
  expect(found[0]?.event_id).toBe(open.event_id);
  expect(found.length).toBeLessThanOrEqual(2);
  expect(await cancel(job)).toMatchObject({ status: 'canceled' });
  expect(await events.jobsWithOpenEvents(10)).toEqual([]);
  const lasting = await eventsOf('gate');
  const ends = (all: StoredEvent[]) => all.map(({ event_id, ended_at }) => [event_id, ended_at]);
  expect(ends(lasting)).toEqual(ends(found));
  for (const { image_path, json_log_path } of lasting)
    for (const key of [image_path, json_log_path])
      expect(await system.store.head(key as string)).not.toBeNull();
});

test('canceling closes what is open', async () => {
  made = 4;
  const job = await watch('going.m3u8', 'hall');
  await until('hall', ([one]) => one?.image_path != null);
  expect(await cancel(job)).toMatchObject({ status: 'canceled' });
  expect(await eventsOf('hall')).toMatchObject([
    { end_reason: 'stopped', clip: expect.anything(), json_log_path: expect.any(String) },
  ]);
});

test('a job that has to wait says so; a camera that nobody reads any more is not offline', async () => {
  const first = await watch('going.m3u8', 'porch');
  await system.until(first.job_id, ({ stage }) => stage === 'WATCHING');
  // One live camera is this user's limit.
  const second = await watch('live.m3u8', 'attic');
  const waiting = await system.until(second.job_id, ({ stage }) => stage === 'WAITING');
  expect(waiting.status).toBe('processing');
  expect(await cancel(second)).toMatchObject({ status: 'canceled' });
  await awayOf('porch');
  expect(await cancel(first)).toMatchObject({ status: 'canceled' });
  while ((await events.of('owner-1').findCamera('porch'))?.offline_since) await sleep(100);
});
