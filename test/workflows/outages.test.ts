import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { loopVideo } from '../support/media/loop-video.ts';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';
import { type System, squats, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(240_000);

let folder: string;
let video: string;
let servers: ThrowawayServers;
let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-test-outages-'));
  video = join(folder, 'squats-thrice.mp4');
  loopVideo(squats, { frames: 65 * 3 }, video);
  servers = await startOwnServers();
  Object.assign(process.env, servers.environment);
  system = await startSystem('outages');
  worker = await system.startWorker({ DOUBLETAKE_SEGMENT_FRAMES: '65' });
});
afterAll(async () => {
  await system?.close();
  await servers?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['postgres', 's3', 'temporal'] as const)(
  '%s killed in the deep pass only delays the job',
  async (name) => {
    worker.lines.length = 0;
    const { job_id } = await system.submit(video, { mode: 'deep' });
    await worker.said('Looking at segment');
    await servers[name].kill();
    await sleep(3000);
    await servers[name].start();
    const job = await system.until(
      job_id,
      ({ phase }) => phase === 'succeeded' || phase === 'failed' || phase === 'canceled',
      200,
    );
    expect(job).toMatchObject({ status: 'done', attempt: 1, error_message: null });
  },
);
