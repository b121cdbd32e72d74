import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import { type System, squats, startSystem } from '../support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(180_000);

let system: System;
beforeAll(async () => {
  system = await startSystem('reconcile');
  await system.startWorker();
});
afterAll(() => system?.close());

test('terminated while at work: the schedule writes it into the row; retried, the job is done', async () => {
  const { job_id, workflow_id } = await system.submit(squats, { mode: 'deep' });
  await system.until(job_id, ({ status }) => status === 'processing');
  await system.client.workflow.getHandle(workflow_id).terminate('wrong player');
  const ended = await system.until(job_id, ({ phase }) => !isOpen(phase));
  expect(ended).toMatchObject({
    status: 'canceled',
    error_message: 'Terminated at Temporal: wrong player',
  });
  await retryJob(system.database, job_id, { by: 'coach-7' });
  system.relay.wake();
  expect(await system.until(job_id, ({ phase }) => !isOpen(phase))).toMatchObject({
    status: 'done',
    attempt: 2,
  });
  const steps = await listTransitions(system.database, job_id);
  expect(steps.filter(({ to, from }) => to !== from).map(({ to }) => to)).toEqual([
    'queued',
    'processing',
    'canceled',
    'queued',
    'processing',
    'done',
  ]);
});
