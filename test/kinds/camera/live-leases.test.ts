import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { openLeases } from '../../../src/kinds/camera/live/database-leases.ts';
import type { LiveLease } from '../../../src/kinds/camera/live/live-lease.ts';
import type { ChildPool } from '../../../src/media/child-pool.ts';
import { openTestDatabase } from '../../database/jobs.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { blockVideo } from './live/support/block-video.ts';
import { type FileServer, openFileServer, says } from './live/support/file-server.ts';
import { openLivePool, type RunningWatch, startWatch } from './live/support/live-watch.ts';

let database: Database & { drop(): Promise<void> };
let scratch: ScratchFolder;
let server: FileServer;
let pool: ChildPool<never>;
const running: RunningWatch[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  scratch = await makeScratchFolder();
  mkdirSync(scratch.file('hls'));
  blockVideo(scratch.file('hls/live.m3u8'), {
    seconds: 4,
    moving: [[1, 4]],
    muxerOptions: { hls_time: '2' },
  });
  server = await openFileServer(scratch.file('hls'));
  // It never ends, and nothing more comes.
  const list = '#EXTM3U\n#EXT-X-TARGETDURATION:60\n#EXTINF:2,\nlive0.ts\n#EXTINF:2,\nlive1.ts';
  server.answers.set(
    '/cam.m3u8',
    says(() => list),
  );
  pool = openLivePool() as ChildPool<never>;
}, 120_000);

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await database.em().execute('DELETE FROM camera_leases');
});

afterAll(async () => {
  await pool?.close();
  await server?.close();
  await scratch?.remove();
  await database?.drop();
});

function watch(more: Partial<Parameters<typeof startWatch>[1]> = {}, lasts_ms = 15_000): RunningWatch {
  const leases = openLeases(database, { perUser: 4, lasts_ms });
  const one = startWatch(pool, {
    url: server.url('cam.m3u8'),
    folder: scratch.file('.'),
    needs: { leases },
    ...more,
  });
  running.push(one);
  return one;
}

const which = (camera_id: string, owner = 'coach-7') => ({ owner, camera_id, job_id: randomUUID() });
const isOpened = ({ change }: { change: string }) => change === 'opened';

test('of many who want a camera at once one has it, and the others hear which job that is', async () => {
  const leases = openLeases(database, { perUser: 4 });
  const wanted = Array.from({ length: 8 }, () => which('yard'));
  const taken = await Promise.all(wanted.map((one) => leases.take(one)));
  const held = taken.flatMap((one, n) => ('wait' in one ? [] : [n]));
  expect(held).toHaveLength(1);
  const { job_id } = wanted[held[0] as number] as { job_id: string };
  for (const one of taken)
    if ('wait' in one)
      expect(one.wait).toMatchObject({ for: 'camera', why: expect.stringContaining(job_id) });
  // Another user's camera of the same name is another.
  expect(await leases.take(which('yard', 'coach-8'))).toHaveProperty('renew');
  await (taken[held[0] as number] as LiveLease).release();
  expect(await leases.take(which('yard'))).toHaveProperty('renew');
});

test('no user has more cameras than may be, however many ask at once, and others are not concerned', async () => {
  const leases = openLeases(database, { perUser: 3 });
  const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => leases.take(which(`camera-${n}`))));
  const waiting = taken.flatMap((one) => ('wait' in one ? [one.wait] : []));
  expect(waiting).toHaveLength(7);
  expect(waiting[0]).toMatchObject({
    for: 'limit',
    why: expect.stringMatching(/3.*DOUBLETAKE_CAMERA_LIVE_PER_USER.*canceled/),
  });
  expect(await leases.take(which('camera-1', 'coach-8'))).toHaveProperty('renew');
});

test('what is not renewed is free again, and then the one before cannot have it back', async () => {
  const leases = openLeases(database, { perUser: 1, lasts_ms: 500 });
  const killed = (await leases.take(which('yard'))) as LiveLease;
  let next = await leases.take(which('yard'));
  expect(next).toHaveProperty('wait');
  while ('wait' in next) {
    await sleep(50);
    next = await leases.take(which('yard'));
  }
  expect(await killed.renew()).toBe(false);
  // What it gives back is not its own any more.
  await killed.release();
  expect(await next.renew()).toBe(true);
});

test('two workers that are asked to read one camera: one reads, the other waits and says so', async () => {
  const one = watch();
  await one.until(isOpened);
  const before = server.requests.length;
  const other = watch({ watch: { job_id: randomUUID() } });
  expect(await other.ended).toMatchObject({
    end: 'wait',
    wait: { for: 'camera', why: expect.stringContaining('a0000000-') },
  });
  expect(other.changes).toEqual([]);
  expect(server.requests.length).toBe(before);
  await one.stop();
  // What was given back can be had at once.
  await watch({ watch: { job_id: randomUUID() } }).until(isOpened);
});

test('who takes over first closes what the one before left open', async () => {
  const order: string[] = [];
  const leases = openLeases(database, { perUser: 4, lasts_ms: 500 });
  await leases.take(which('yard'));
  let end: Awaited<RunningWatch['ended']> | undefined;
  let one: RunningWatch;
  do {
    one = watch({
      begin: async () => void order.push('begin'),
      take: async ({ change }) => void order.push(change),
    });
    end = await Promise.race([one.until(isOpened).then(() => undefined), one.ended]).catch(() => one.ended);
  } while (end?.end === 'wait' && (await sleep(50, true)));
  expect(order.slice(0, 2)).toEqual(['begin', 'state']);
});

test('a reader whose camera is another’s by now tells nothing more', async () => {
  const one = watch({}, 1000);
  await one.until(isOpened);
  const told = one.changes.length;
  await database
    .em()
    .execute(`UPDATE camera_leases SET token = gen_random_uuid(), expires_at = now() + interval '1 hour'`);
  expect(await one.ended).toMatchObject({ end: 'wait', wait: { for: 'camera' } });
  expect(one.changes.slice(told).map(({ change }) => change)).not.toContain('closed');
});
