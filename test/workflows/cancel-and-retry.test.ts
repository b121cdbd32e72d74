import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { type System, squats, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  system = await startSystem('cancel');
  worker = await system.startWorker();
});
afterAll(() => system?.close());

const linesOf = (jobId: string) =>
  worker.lines.filter(({ job_id }) => job_id === jobId).map(({ msg }) => msg);

test('cancelled in the deep pass, the job keeps its quick findings, and a retry does only the rest', async () => {
  const { job_id, workflow_id } = await system.submit(squats, { mode: 'deep' });
  await system.until(job_id, ({ stage }) => stage === 'DEEP');
  await requestCancel(system.database, job_id, { by: 'coach-7', why: 'the wrong clip' });
  system.relay.wake();
  const canceled = await system.until(job_id, ({ phase }) => phase === 'canceled' || phase === 'succeeded');
  expect(canceled).toMatchObject({ status: 'canceled', stage: 'DEEP' });
  await expect(system.client.workflow.getHandle(workflow_id).result()).rejects.toMatchObject({
    cause: { name: 'CancelledFailure' },
  });

  worker.lines.length = 0;
  await retryJob(system.database, job_id, { by: 'coach-7' });
  system.relay.wake();
  const done = await system.until(job_id, ({ phase }) => phase === 'succeeded' || phase === 'failed');
  expect(done).toMatchObject({ status: 'done', attempt: 2, progress_pct: 100, error_message: null });
  await worker.said('[PERSISTED] Deep job completed');
  expect(linesOf(job_id)).not.toContain('Saving quick results to S3');
  expect(linesOf(job_id)).toContain('[PERSISTED] Deep job completed');
  const steps = await listTransitions(system.database, job_id);
  expect(steps.map(({ to }) => to)).toEqual([
    'queued',
    'processing',
    'processing',
    'canceled',
    'queued',
    'processing',
    'done',
  ]);
});

test('cancelled at once after it was accepted', async () => {
  const { job_id } = await system.submit(squats, { mode: 'quick' });
  await requestCancel(system.database, job_id, { by: 'coach-7', why: 'never mind' });
  system.relay.wake();
  const job = await system.until(job_id, ({ phase }) => phase === 'canceled' || phase === 'succeeded');
  expect(job.status).toBe('canceled');
  expect(job.error_message).toMatch(/cancel|never mind/i);
});

test('a file that is no video fails with words, and the worker goes on', async () => {
  const { job_id, workflow_id } = await system.submit(new URL(import.meta.url).pathname, { mode: 'quick' });
  const job = await system.until(job_id, ({ phase }) => phase === 'failed');
  expect(job).toMatchObject({ status: 'failed', stage: 'FAILED', error_type: 'UnreadableMedia' });
  expect(job.error_message).toContain('cancel-and-retry.test.ts');
  await expect(system.client.workflow.getHandle(workflow_id).result()).rejects.toMatchObject({
    cause: { type: 'UnreadableMedia' },
  });
});

test('stored keypoints are analysed again with other thresholds, without a model', async () => {
  const source = await system.submit(squats, { mode: 'deep' });
  await system.until(source.job_id, ({ phase }) => phase === 'succeeded');
  const again = await system.submit(squats, {
    mode: 'deep',
    source_job_id: source.job_id,
    thresholds: { knee_brace: { medium: 1, high: 2 } },
  });
  const job = await system.until(again.job_id, ({ phase }) => phase === 'succeeded' || phase === 'failed');
  expect(job).toMatchObject({ status: 'done', result: { pass: 'deep', repetitions: 3 } });
  expect(linesOf(again.job_id)).not.toContain('Looking at segment');
  const { deep } = await readTechniquePasses(system.database, again.job_id);
  expect(JSON.stringify(deep?.findings)).toContain(`jobs/${again.job_id}/deep/evidence-01.jpg`);
});

test('cancelled in the quick pass', async () => {
  const { job_id } = await system.submit(squats, { mode: 'quick' });
  await system.until(job_id, ({ stage }) => stage === 'QUICK');
  await requestCancel(system.database, job_id, { by: 'coach-7', why: 'never mind' });
  system.relay.wake();
  const job = await system.until(job_id, ({ phase }) => phase === 'canceled' || phase === 'succeeded');
  expect(job).toMatchObject({
    status: 'canceled',
    stage: 'QUICK',
    error_message: 'Cancelled on request during QUICK.',
  });
});

test('cancelled while no worker is there: canceled as soon as one is', async () => {
  await worker.stop('SIGTERM');
  const { job_id } = await system.submit(squats, { mode: 'quick' });
  await system.until(job_id, ({ dispatched_at }) => dispatched_at !== null);
  await requestCancel(system.database, job_id, { by: 'coach-7', why: 'never mind' });
  system.relay.wake();
  worker = await system.startWorker();
  const job = await system.until(job_id, ({ phase }) => phase === 'canceled' || phase === 'succeeded');
  expect(job).toMatchObject({ status: 'canceled', stage: 'QUEUED' });
});
