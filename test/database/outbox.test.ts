import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findDeletion } from '../../src/database/deletions/find-deletion.ts';
import { finishDeletion } from '../../src/database/deletions/finish-deletion.ts';
import { markDeletionDispatched } from '../../src/database/deletions/mark-deletion-dispatched.ts';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { undispatchedDeletions } from '../../src/database/deletions/undispatched-deletions.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { cancelRequests } from '../../src/database/jobs/cancel-requests.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { jobsToReconcile } from '../../src/database/jobs/jobs-to-reconcile.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { markCancelDelivered } from '../../src/database/jobs/mark-cancel-delivered.ts';
import { markDispatched } from '../../src/database/jobs/mark-dispatched.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { undispatchedJobs } from '../../src/database/jobs/undispatched-jobs.ts';
import { findSession } from '../../src/database/sessions/find-session.ts';
import { openTestDatabase, request, runningJob, step } from './jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const waiting = async () => (await undispatchedJobs(database, 100)).map(({ job_id }) => job_id);
const byCoach = { by: 'coach-7', why: 'Canceled by coach-7' };

test('jobs wait in the order they came, until their workflow is started', async () => {
  const { job: first } = await acceptJob(database, request());
  const { job: second } = await acceptJob(database, request());
  const before = await waiting();
  expect(before.indexOf(first.job_id)).toBeLessThan(before.indexOf(second.job_id));
  await markDispatched(database, first.job_id, 1);
  expect(await waiting()).toEqual([second.job_id]);
  await requestCancel(database, second.job_id, byCoach);
  expect(await waiting()).toEqual([]);
});

test('a retried job waits again as the next attempt; the start of the earlier one does not count', async () => {
  const job = await runningJob(database);
  await transitionJob(database, {
    ...step(job),
    to: 'failed',
    stage: 'FAILED',
    why: 'x',
    error_message: 'Broken.',
  });
  const retried = await retryJob(database, job.job_id, { by: 'coach-7' });
  expect(retried).toMatchObject({
    attempt: 2,
    phase: 'queued',
    stage: 'QUEUED',
    started_at: null,
    completed_at: null,
  });
  expect(await findSession(database, job.session_id)).toMatchObject({ status: 'queued' });
  await markDispatched(database, job.job_id, 1);
  expect(await waiting()).toEqual([job.job_id]);
  await markDispatched(database, job.job_id, 2);
  expect(await waiting()).toEqual([]);
  const trail = await listTransitions(database, job.job_id);
  expect(trail.map(({ to }) => to)).toEqual(['queued', 'processing', 'failed', 'queued']);
});

test('of two who retry a failed job at once, one makes the next attempt', async () => {
  const job = await runningJob(database);
  await transitionJob(database, { ...step(job), to: 'failed', stage: 'FAILED', why: 'x' });
  const tries = [retryJob(database, job.job_id, { by: 'a' }), retryJob(database, job.job_id, { by: 'b' })];
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await findJob(database, job.job_id)).toMatchObject({ attempt: 2 });
});

test('a wish to cancel is handed over once, and not after the job has ended', async () => {
  const wishes = async () => (await cancelRequests(database, 100)).map(({ job_id }) => job_id);
  const [job, quick] = [await runningJob(database), await runningJob(database)];
  await requestCancel(database, job.job_id, byCoach);
  const again = await requestCancel(database, job.job_id, byCoach);
  await requestCancel(database, quick.job_id, byCoach);
  await transitionJob(database, { ...step(quick), to: 'done', stage: 'DONE', why: 'All there' });
  expect(again.phase).toBe('running');
  expect(await wishes()).toEqual([job.job_id]);
  await markCancelDelivered(database, job.job_id, 7);
  expect(await wishes()).toEqual([job.job_id]);
  await markCancelDelivered(database, job.job_id, 1);
  expect(await wishes()).toEqual([]);
});

test('the reconciler sees every open job that was started, page by page', async () => {
  const jobs = [await runningJob(database), await runningJob(database), await runningJob(database)];
  const open = await jobsToReconcile(database, { idleSeconds: -1, limit: 100 });
  for (const job of jobs) expect(open.map(({ job_id }) => job_id)).toContain(job.job_id);
  const seen: string[] = [];
  for (let after: string | undefined; ; after = seen.at(-1)) {
    const page = await jobsToReconcile(database, { idleSeconds: -1, limit: 2, after });
    if (page.length === 0) break;
    seen.push(...page.map(({ job_id }) => job_id));
  }
  expect(seen).toEqual(open.map(({ job_id }) => job_id));
  expect(await jobsToReconcile(database, { idleSeconds: 60, limit: 100 })).toEqual([]);
});

test('a deletion waits until its workflow is started; its record tells how far it is', async () => {
  const { job } = await acceptJob(database, request());
  const wish = { target: 'job' as const, id: job.job_id, by: 'coach-7', cancel: true };
  const both = await Promise.all([requestDeletion(database, wish), requestDeletion(database, wish)]);
  const [{ id }] = both;
  expect(both[1].id).toBe(id);
  expect(await findDeletion(database, id, { userId: 'coach-8' })).toBeNull();
  expect(await findDeletion(database, id, { userId: 'coach-7' })).toMatchObject({ state: 'requested' });
  expect(await undispatchedDeletions(database, 10)).toContainEqual({ id });
  await markDeletionDispatched(database, id);
  expect(await undispatchedDeletions(database, 10)).not.toContainEqual({ id });
  expect(await findDeletion(database, id)).toMatchObject({ state: 'deleting' });
  await finishDeletion(database, id);
  await markDeletionDispatched(database, id);
  expect(await findDeletion(database, id)).toMatchObject({ state: 'done', target_id: job.job_id });
});
