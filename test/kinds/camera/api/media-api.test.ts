import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../../src/database/jobs/accept-job.ts';
import { markDispatched } from '../../../../src/database/jobs/mark-dispatched.ts';
import { transitionJob } from '../../../../src/database/jobs/transition-job.ts';
import { cameraSettings } from '../../../../src/domain/kinds/camera.ts';
import type { StoredResult } from '../../../../src/kinds/camera/analysis/result.ts';
import { openClips } from '../../../../src/kinds/camera/api/clips.ts';
import { deleteSome } from '../../../../src/kinds/camera/api/delete-camera.ts';
import type { NewEvent } from '../../../../src/kinds/camera/events/event.ts';
import type { EventStore } from '../../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../../src/kinds/camera/events/open-event-store.ts';
import { indexVideo } from '../../../../src/media/video/video-index.ts';
import { scratchPrefix } from '../../../../src/system/scratch-folder.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { request, step } from '../../../database/jobs.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';
import { json } from './box-events.ts';

let api: RunningApi;
let store: EventStore;
let folder: ScratchFolder;
beforeAll(async () => {
  [api, folder] = await Promise.all([startApi(), makeScratchFolder()]);
  store = await openEventStore(cameraSettings.parse({}), api.database, api.api.log);
});
afterAll(async () => {
  await store?.close();
  await api?.close();
  await folder?.remove();
});

const get = (user: TestUser, path: string, headers = {}) =>
  fetch(api.url + path, { headers: { ...user.headers, ...headers } });

/** What a job of the service writes: a camera, an event, its picture and its log. */
async function eventOf(user: TestUser, more: Partial<NewEvent> = {}) {
  const events = store.of(user.id);
  const camera = await events.ensureCamera(more.camera_id ?? 'yard');
  const event_id = more.event_id ?? randomUUID();
  const image_path = `cameras/${camera.key}/${event_id}/picture.jpg`;
  const json_log_path = `cameras/${camera.key}/${event_id}/log.json`;
  await api.store.put(image_path, Buffer.from([0xff, 0xd8, 1, 2, 3]), { mediaType: 'image/jpeg' });
  await api.store.put(json_log_path, '{}', { mediaType: 'application/json' });
  const times = { started_at: '2026-10-01T00:00:50.200Z', ended_at: '2026-10-01T00:01:10.100Z' };
  await events.insertEvent({
    ...{ event_id, camera_id: 'yard', ...times, time_source: 'recorded_at', job_id: randomUUID() },
    ...{ image_path, json_log_path, ...more },
  });
  return { event_id, camera, image_path, json_log_path, path: `/api/events/${event_id}` };
}

test('a picture comes through the API, with an ETag', async () => {
  const user = await api.user();
  const { path, image_path } = await eventOf(user);
  const first = await get(user, `${path}/image`);
  expect([first.status, first.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(Buffer.from(await first.arrayBuffer())).toEqual(Buffer.from([0xff, 0xd8, 1, 2, 3]));
  const tag = first.headers.get('etag') as string;
  expect((await get(user, `${path}/image`, { 'if-none-match': tag })).status).toBe(304);
  expect((await get(await api.user(), `${path}/image`)).status).toBe(404);
  expect((await api.ask(user, 'GET', '/api/events/batch/image')).status).toBe(404);
  const operator = await api.user('operator');
  expect((await get(operator, `${path}/image?owner=${user.id}`)).status).toBe(200);
  await api.store.deleteKeys([image_path]);
  const gone = await api.ask(user, 'GET', `${path}/image`);
  expect([gone.status, gone.body.detail]).toEqual([404, expect.stringContaining('no longer in the storage')]);
  const none = await eventOf(user, { image_path: null });
  expect((await api.ask(user, 'GET', `${none.path}/image`)).body.detail).toContain('none was taken');
});

test('what a process left that was killed while it cut a clip is removed before the first clip', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const left = mkdtempSync(join(tmpdir(), scratchPrefix('doubletake-clip', child.pid as number)));
  writeFileSync(join(left, 'video'), 'a recording');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const clips = openClips(api.store);
  try {
    const source = { key: 'originals/none', from_s: 0, to_s: 1 };
    await expect(clips.cut(source, 'x', new AbortController().signal)).rejects.toMatchObject({
      type: 'ObjectMissing',
    });
    expect(existsSync(left)).toBe(false);
  } finally {
    await clips.close();
  }
});

test('a clip holds the event, 3 s before it and 3 s after; where there is none, the answer says why', async () => {
  const user = await api.user();
  const key = `originals/${user.id}/${randomUUID()}/people.mp4`;
  await api.store.put(key, readFileSync(samplePath('people-one-by-one.mp4')), { mediaType: 'video/mp4' });
  const clip = { key, from_s: 50.2, to_s: 70.1 };
  const { path } = await eventOf(user, { clip });
  const answer = await get(user, `${path}/clip`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(String(bytes.length)).toBe(answer.headers.get('content-length'));
  writeFileSync(folder.file('clip.mp4'), bytes);
  const { timestamps_s, keyframes_s } = await indexVideo(folder.file('clip.mp4'), 'x', usualLimits, () => {});
  expect([timestamps_s[0], keyframes_s[0]]).toEqual([0, 0]);
  expect(timestamps_s.at(-1)).toBeGreaterThanOrEqual(70.1 - 50.2 + 5.8);

  const refused = async (at: string, words: string) => {
    const { status, body } = await api.ask(user, 'GET', `${at}/clip`);
    expect([status, body.detail]).toEqual([404, expect.stringContaining(words)]);
  };
  await refused((await eventOf(user, { clip, ended_at: null })).path, 'it is still open');
  await refused((await eventOf(user)).path, 'its video was never kept here');
  await refused((await eventOf(user, { clip: { ...clip, from_s: 500, to_s: 510 } })).path, 'ends before');
  const text = `originals/${user.id}/text`;
  await api.store.put(text, 'no video', { mediaType: 'video/mp4' });
  await refused((await eventOf(user, { clip: { ...clip, key: text } })).path, 'could not be opened');
  expect((await get(await api.user(), `${path}/clip`)).status).toBe(404);
  await api.ask(
    user,
    'PATCH',
    '/api/cameras/yard',
    json({
      masks: [
        {
          purpose: 'privacy',
          polygon: [
            [0, 0],
            [0.5, 0],
            [0.5, 0.5],
          ],
        },
      ],
    }),
  );
  await refused(path, 'privacy masks');
  await api.ask(user, 'PATCH', '/api/cameras/yard', json({ masks: [] }));
  await api.store.deleteKeys([key]);
  await refused(path, 'its recording is no longer kept');
});

test('an event goes with its objects, which go first; its recording stays', async () => {
  const user = await api.user();
  const recording = `originals/${user.id}/recording`;
  await api.store.put(recording, 'x', { mediaType: 'video/mp4' });
  const { camera, path, image_path, json_log_path } = await eventOf(user, {
    clip: { key: recording, from_s: 0, to_s: 1 },
  });
  const live = `cameras/${camera.key}/clips/live.mp4`;
  await api.store.put(live, 'x', { mediaType: 'video/mp4' });
  const other = await eventOf(user, { clip: { key: live, from_s: 0, to_s: 1 } });
  for (const one of [path, other.path]) {
    expect((await api.ask(user, 'DELETE', one)).status).toBe(204);
    expect((await api.ask(user, 'GET', one)).status).toBe(404);
    expect((await api.ask(user, 'DELETE', one)).status).toBe(404);
  }
  for (const key of [image_path, json_log_path, live]) expect(await api.store.head(key)).toBeNull();
  expect(await api.store.head(recording)).not.toBeNull();
});

test('a job tells no event that was deleted since, and the others as they are now', async () => {
  const user = await api.user();
  const [kept, deleted, removed] = [await eventOf(user), await eventOf(user), await eventOf(user)];
  const door = await eventOf(user, { camera_id: 'door' });
  const made = [kept, deleted, removed, door];
  const { job } = await acceptJob(api.database, {
    session: { ...request().session, user_id: user.id },
    job: { job_id: randomUUID(), user_id: user.id, kind: 'camera', options: { camera_id: 'yard' } },
  });
  await markDispatched(api.database, job.job_id, 1);
  await transitionJob(api.database, { ...step(job), to: 'processing', stage: 'WATCH', why: 'Work began' });
  const result: StoredResult = {
    ...{ camera_id: 'yard', started_at: '2026-10-01T00:00:00.000Z', time_source: 'recorded_at' },
    ...{ time_zone: 'UTC', duration_s: 100, frames: 1000, corrupt_frames: 0, scene_changes: 0 },
    ...{ events_found: 4, camera_version: 1, events_stored_before: 0, events_left_out: 0 },
    event_ids: made.map(({ event_id }) => event_id),
  };
  await transitionJob(api.database, {
    ...step(job),
    ...{ to: 'done', stage: 'DONE', why: 'It is whole', result: { ...result } },
  });
  const { path } = kept;
  await api.ask(user, 'PATCH', path, json({ llm_description: 'The postman.' }));
  const all = await api.ask(user, 'GET', `/api/jobs/${job.job_id}/result`);
  expect(all.body.events).toHaveLength(4);
  await api.ask(user, 'DELETE', deleted.path);
  await store.of(user.id).beginRemoval(removed.event_id);
  await api.ask(user, 'DELETE', '/api/cameras/door');
  const { body, headers } = await api.ask(user, 'GET', `/api/jobs/${job.job_id}/result`);
  const { event_ids, ...told } = result;
  const now = (await api.ask(user, 'GET', path)).body;
  expect(body).toEqual({ ...told, events: [now] });
  expect(now.llm_description).toBe('The postman.');
  expect(headers.get('etag')).not.toBe(all.headers.get('etag'));
  expect((await api.ask(user, 'GET', `/reports/${job.job_id}`)).body).toEqual(body);
  for (const accept of ['text/markdown', 'text/html']) {
    const page = await (await get(user, `/reports/${job.job_id}`, { accept })).text();
    expect(page).toContain('The postman.');
    for (const { event_id } of [deleted, removed, door]) expect(page).not.toContain(event_id);
  }
});

test('a camera goes with all that is under its prefix, in as many requests as it takes', async () => {
  const user = await api.user();
  const made = [];
  for (let n = 0; n < 5; n++) made.push(await eventOf(user));
  const [{ camera }] = made as [(typeof made)[number]];
  const orphan = `cameras/${camera.key}/orphan.jpg`;
  await api.store.put(orphan, 'x', { mediaType: 'image/jpeg' });
  const parts = { store, objects: api.store };
  // A request that has no time removes one chunk: rows and objects of the same events.
  expect(await deleteSome(parts, camera, { ms: 0, limit: 2 })).toEqual({ events: 2, gone: false });
  const { items } = (await api.ask(user, 'GET', '/api/events')).body;
  expect(items).toHaveLength(3);
  for (const { image_path } of items) expect(await api.store.head(image_path)).not.toBeNull();
  const answer = await api.ask(user, 'DELETE', '/api/cameras/yard');
  expect([answer.status, answer.body]).toEqual([200, { camera_id: 'yard', events: 3, gone: true }]);
  expect((await api.objects()).filter((key) => key.includes(camera.key))).toEqual([]);
  expect((await api.ask(user, 'GET', '/api/cameras/yard')).status).toBe(404);
  expect((await api.ask(user, 'DELETE', '/api/cameras/yard')).status).toBe(404);
});
