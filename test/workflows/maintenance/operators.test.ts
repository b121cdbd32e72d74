import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { WorkflowIdReusePolicy } from '@temporalio/client';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import { readTechniquePasses } from '../../../src/kinds/technique/tables/read-technique-passes.ts';
import { loopVideo } from '../../support/media/loop-video.ts';
import { resetWorkflow } from '../support/reset.ts';
import { type System, squats, startSystem, type WorkerProcess } from '../support/system.ts';

/** What an operator does to a workflow in Temporal's Web UI, and what it does to the job. */

jest.setTimeout(180_000);

let folder: string;
let long: string;
let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-test-operators-'));
  long = join(folder, 'squats-four-times.mp4');
  loopVideo(squats, { frames: 4 * 65 }, long);
  system = await startSystem('operators');
  worker = await system.startWorker({ DOUBLETAKE_SEGMENT_FRAMES: '65', DOUBLETAKE_COMPUTE_CONCURRENCY: '1' });
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ended = (job: Job) => system.until(job.job_id, ({ phase }) => !isOpen(phase), 120);
const handleOf = ({ workflow_id }: Job) => system.client.workflow.getHandle(workflow_id);

const reset = ({ workflow_id }: Job) => resetWorkflow(system, workflow_id);

async function everythingOf(job: Job) {
  return [
    await system.job(job.job_id),
    await readTechniquePasses(system.database, job.job_id),
    await listTransitions(system.database, job.job_id),
  ];
}

test('found by kind, user and status', async () => {
  const job = await system.submit(squats, { mode: 'quick' }, 'coach-find');
  await ended(job);
  // `STATUS` is a word of the query language, hence the backticks.
  const query = "Kind = 'technique' AND UserId = 'coach-find' AND `Status` = 'done' AND Stage = 'DONE'";
  const found: string[] = [];
  while (found.length === 0) {
    for await (const { workflowId } of system.client.workflow.list({ query })) found.push(workflowId);
    await sleep(100);
  }
  expect(found).toEqual([job.workflow_id]);
});

test('reset, or started once more, after it was done: the result stays as it is', async () => {
  const job = await system.submit(squats, { mode: 'quick' });
  await ended(job);
  await handleOf(job).result();
  const before = await everythingOf(job);
  expect(await (await reset(job)).result()).toMatchObject({ outcome: 'superseded' });
  const { job_id, kind, attempt, session_id, user_id, options } = job;
  const input = { job_id, kind, attempt, session_id, user_id, file_name: 'squats.mp4', options };
  const again = await system.client.workflow.execute('technique', {
    workflowId: job.workflow_id,
    taskQueue: system.taskQueue,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    args: [input],
  });
  expect(again).toMatchObject({ outcome: 'superseded' });
  expect(await everythingOf(job)).toEqual(before);
});

test('reset in the deep pass: goes on, looks at no finished segment again, one result', async () => {
  const job = await system.submit(long, { mode: 'deep' });
  const looks = () =>
    worker.lines
      .filter(({ msg, job_id }) => job_id === job.job_id && msg === 'Looking at segment')
      .map(({ segment }) => segment as number);
  while (looks().length < 3) await sleep(20);
  const finished = looks().slice(0, 2);
  await reset(job);
  expect(await ended(job)).toMatchObject({ status: 'done', attempt: 1 });
  for (const segment of finished) expect(looks().filter((one) => one === segment)).toEqual([segment]);
  const steps = await listTransitions(system.database, job.job_id);
  expect(steps.filter(({ to }) => to === 'done')).toHaveLength(1);
  expect(steps.filter(({ from, to }) => from === 'queued' && to === 'processing')).toHaveLength(1);
});

test('cancelled there: canceled here, with the stage it was in', async () => {
  const job = await system.submit(long, { mode: 'deep' });
  await system.until(job.job_id, ({ stage }) => stage === 'DEEP', 120);
  await handleOf(job).cancel();
  expect(await ended(job)).toMatchObject({
    status: 'canceled',
    stage: 'DEEP',
    error_message: expect.stringContaining('DEEP'),
  });
});

test('reset after it had ended otherwise: the end stays; a retry is what goes on', async () => {
  const job = await system.submit(long, { mode: 'deep' });
  await system.until(job.job_id, ({ stage }) => stage === 'DEEP', 120);
  await handleOf(job).terminate('wrong player');
  const before = await ended(job);
  expect(await (await reset(job)).result()).toMatchObject({ outcome: 'superseded' });
  expect(await system.job(job.job_id)).toEqual(before);
});
