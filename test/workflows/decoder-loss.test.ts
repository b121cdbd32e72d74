import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type System, squats, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  system = await startSystem('decoder-loss');
  worker = await system.startWorker();
});
afterAll(() => system?.close());

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** @returns how many */
function killChildren(): number {
  const children = childrenOf(worker.pid);
  for (const child of children) {
    try {
      process.kill(child, 'SIGKILL');
    } catch (error) {
      // Gone by itself since it was listed.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return children.length;
}

const ended = ({ phase }: { phase: string }) => phase === 'succeeded' || phase === 'failed';

test('a decoder process killed once is bad luck: the job is done', async () => {
  const { job_id } = await system.submit(squats, { mode: 'deep' });
  await worker.said('Looking at segment');
  expect(killChildren()).toBeGreaterThan(0);
  expect(await system.until(job_id, ended)).toMatchObject({ status: 'done', error_message: null });
});

test('a file whose decoder dies each time fails the job with words, and the worker lives', async () => {
  const killing = setInterval(killChildren, 20);
  const { job_id } = await system.submit(squats, { mode: 'quick' });
  const job = await system.until(job_id, ended);
  clearInterval(killing);
  expect(job).toMatchObject({ status: 'failed', stage: 'FAILED', error_type: 'DecoderCrashed' });
  expect(job.error_message).toContain('squats.mp4');
  const next = await system.submit(squats, { mode: 'quick' });
  expect(await system.until(next.job_id, ended)).toMatchObject({ status: 'done' });
});
