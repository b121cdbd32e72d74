import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { cancelRequests } from '../../../src/database/jobs/cancel-requests.ts';
import { jobsToReconcile } from '../../../src/database/jobs/jobs-to-reconcile.ts';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { openTestDatabase, request, step } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

test('the relay lost between starting the workflow and writing it down: the job is reconciled and can be canceled', async () => {
  const { job } = await acceptJob(database, request());
  // The workflow takes the job; nobody has marked it as dispatched.
  const running = await transitionJob(database, {
    ...step(job),
    to: 'processing',
    stage: 'QUICK',
    why: 'Work began',
  });
  expect(running.dispatched_at).toBeInstanceOf(Date);
  const open = await jobsToReconcile(database, { idleSeconds: -1, limit: 10 });
  expect(open.map(({ job_id }) => job_id)).toContain(job.job_id);
  // Its cancellation goes to the workflow instead of to the row alone.
  const asked = await requestCancel(database, job.job_id, { by: 'coach-7', why: 'wrong player' });
  expect(asked.status).toBe('processing');
  expect((await cancelRequests(database, 10)).map(({ job_id }) => job_id)).toContain(job.job_id);
});
