import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { loopVideo } from '../support/media/loop-video.ts';
import { type System, squats, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(300_000);

const segments = 4;
const perSegment = { DOUBLETAKE_SEGMENT_FRAMES: '65' };
let folder: string;
let video: string;
let system: System;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-test-worker-loss-'));
  video = join(folder, 'squats-again-and-again.mp4');
  loopVideo(squats, { frames: 65 * segments }, video);
  system = await startSystem('worker-loss');
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ended = ({ phase }: { phase: string }) => phase === 'succeeded' || phase === 'failed';
const lookedAt = (worker: WorkerProcess) =>
  worker.lines.filter(({ msg }) => msg === 'Looking at segment').map(({ segment }) => segment as number);

async function checkpoints(jobId: string): Promise<number[]> {
  const done: number[] = [];
  for await (const { key } of system.store.list(`jobs/${jobId}/deep/segment-`))
    done.push(Number(/segment-(\d+)/.exec(key)?.[1]));
  return done;
}

/** What the job says, without its own id. */
async function answer(jobId: string): Promise<string> {
  const texts = await Promise.all(
    ['deep_results.json', 'keypoints.json', 'report.md'].map((name) =>
      system.store.get(`jobs/${jobId}/deep/${name}`),
    ),
  );
  return texts.join('\n').replaceAll(jobId, 'JOB');
}

test('a worker killed in the deep pass: another goes on, looks at nothing twice, and finds the same', async () => {
  const first = await system.startWorker(perSegment);
  const killed = await system.submit(video, { mode: 'deep' });
  await first.said('Looking at segment', 3);
  await first.stop('SIGKILL');
  const done = await checkpoints(killed.job_id);
  expect(done.length).toBeGreaterThan(0);

  const second = await system.startWorker(perSegment);
  const job = await system.until(killed.job_id, ended, 200);
  expect(job).toMatchObject({ status: 'done', progress_pct: 100, attempt: 1 });
  const again = lookedAt(second);
  expect(again.filter((segment) => done.includes(segment))).toEqual([]);
  expect(new Set([...done, ...again]).size).toBe(segments);

  const undisturbed = await system.submit(video, { mode: 'deep' });
  await system.until(undisturbed.job_id, ended, 200);
  expect(await answer(killed.job_id)).toBe(await answer(undisturbed.job_id));
  await second.stop('SIGKILL');
});

test('a worker told to stop in the middle ends by itself, and another finishes', async () => {
  const first = await system.startWorker(perSegment);
  const { job_id } = await system.submit(video, { mode: 'deep' });
  await first.said('Looking at segment', 2);
  expect(await first.stop('SIGTERM')).toBe(0);
  await system.startWorker(perSegment);
  expect(await system.until(job_id, ended, 200)).toMatchObject({ status: 'done', attempt: 1 });
});
