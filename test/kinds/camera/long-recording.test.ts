import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isOpen } from '../../../src/domain/phase.ts';
import type { StoredResult } from '../../../src/kinds/camera/analysis/result.ts';
import { readResult } from '../../../src/kinds/camera/api/read-result.ts';
import { openEventStore } from '../../../src/kinds/camera/events/open-event-store.ts';
import { encodeVideo } from '../../support/media/encode-video.ts';
import { type System, startSystem, type WorkerProcess } from '../../workflows/support/system.ts';
import { reachedChunk } from './support/reached-chunk.ts';

/** Two hours; `DOUBLETAKE_LONG_TESTS=1` makes them twenty-four. */
const hours = process.env.DOUBLETAKE_LONG_TESTS ? 24 : 2;
const recorded_at = '2026-07-01T00:00:00.000Z';
/** A camera that sends a frame every four seconds, and ten a second while something moves: every ten minutes for eight seconds. */
const [idle_s, busy_s, every_s, lasts_s] = [4, 0.1, 600, 8];
const [width, height] = [160, 90];

const passages = Array.from({ length: (hours * 3600) / every_s - 1 }, (_, n) => (n + 1) * every_s);
const times = recordedTimes();

function recordedTimes(): number[] {
  const found: number[] = [];
  const add = (from: number, to: number, step: number) => {
    for (let n = 0; from + n * step < to - 1e-6; n++) found.push(Math.round((from + n * step) * 1000) / 1000);
  };
  let idleFrom = 0;
  for (const start of passages) {
    add(idleFrom, start - 1, idle_s);
    add(start - 1, start + lasts_s + 2, busy_s);
    idleFrom = start + lasts_s + 2;
  }
  add(idleFrom, hours * 3600, idle_s);
  return found;
}

/** A light block that crosses a dark picture from left to right during a passage. */
function paint(n: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3).fill(60);
  const time = times[n] as number;
  const since = time % every_s;
  if (time < every_s || since >= lasts_s) return rgb;
  const left = Math.round((since / lasts_s) * (width + 30)) - 30;
  for (let y = 30; y < 70; y++)
    for (let x = Math.max(0, left); x < Math.min(width, left + 30); x++)
      rgb.fill(200, (y * width + x) * 3, (y * width + x) * 3 + 3);
  return rgb;
}

const folder = mkdtempSync(join(tmpdir(), 'doubletake-long-'));
let system: System;
let worker: WorkerProcess;
const startWorker = () =>
  system.startWorker({
    DOUBLETAKE_KINDS: 'camera',
    DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
    DOUBLETAKE_CAMERA_CHUNK_FRAMES: String(Math.ceil(times.length / 220)),
  });

beforeAll(async () => {
  system = await startSystem('camera-long');
  worker = await startWorker();
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`a recording of ${hours} hours, killed twice: every passage once, at its time, in a history that begins anew`, async () => {
  const path = join(folder, 'long.mkv');
  encodeVideo(path, { width, height, times_s: times, paint, keyframeEvery: 30 });
  const file = { name: 'long.mkv', bytes: readFileSync(path), media_type: 'video/matroska' };
  const { job_id } = await system.submitAs('camera', file, { options: { recorded_at } });
  for (const chunk of [60, 140]) {
    await reachedChunk(system, job_id, chunk);
    await worker.stop('SIGKILL');
    worker = await startWorker();
  }
  const job = await system.until(job_id, ({ phase }) => !isOpen(phase), 900);
  expect(job).toMatchObject({ status: 'done', attempt: 1 });
  const store = openEventStore({}, system.database, { info() {}, warn() {} });
  const { events, frames, events_stored_before } = await readResult(
    store,
    job,
    job.result as unknown as StoredResult,
  );
  expect({ frames, events_stored_before }).toEqual({ frames: times.length, events_stored_before: 0 });
  const seconds = (at: string | null | undefined) =>
    (Date.parse(at as string) - Date.parse(recorded_at)) / 1000;
  expect(events).toHaveLength(passages.length);
  for (const [n, start] of passages.entries()) {
    // The first and the last of the block are narrower than what counts as motion.
    expect(Math.abs(seconds(events[n]?.started_at) - start)).toBeLessThan(0.7);
    expect(Math.abs(seconds(events[n]?.ended_at) - start - lasts_s)).toBeLessThan(0.7);
  }
  // The row is done before the workflow ends, and Temporal lists an end a moment after it.
  let runs = await statusesOf(job.workflow_id);
  while (runs.includes('RUNNING')) {
    await sleep(100);
    runs = await statusesOf(job.workflow_id);
  }
  expect(runs.sort()).toEqual(['COMPLETED', 'CONTINUED_AS_NEW']);
}, 1_200_000);

async function statusesOf(workflowId: string): Promise<string[]> {
  const statuses: string[] = [];
  for await (const { status } of system.client.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    statuses.push(status.name);
  return statuses;
}
