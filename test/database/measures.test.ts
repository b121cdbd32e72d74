import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { undispatchedDeletions } from '../../src/database/deletions/undispatched-deletions.ts';
import { unfinishedDeletions } from '../../src/database/deletions/unfinished-deletions.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { cancelRequests } from '../../src/database/jobs/cancel-requests.ts';
import { countOpenJobs } from '../../src/database/jobs/count-open-jobs.ts';
import { jobsToReconcile } from '../../src/database/jobs/jobs-to-reconcile.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { undispatchedJobs } from '../../src/database/jobs/undispatched-jobs.ts';
import { measureOutbox } from '../../src/database/measure-outbox.ts';
import { openTestDatabase, request, runningJob, step } from './jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const by = 'coach-7';

test('an operator sees what is open, what waits for Temporal, and for how long', async () => {
  const [waiting, first, second] = [
    (await acceptJob(database, request())).job,
    await runningJob(database),
    await runningJob(database),
  ];
  const told = request();
  const webhook = { url: 'https://example.org/told' };
  const { job } = await acceptJob(database, { ...told, job: { ...told.job, webhook } });
  await requestCancel(database, job.job_id, { by, why: 'never mind' });
  const [retried, deleted] = [await runningJob(database), (await acceptJob(database, request())).job];
  await requestCancel(database, first.job_id, { by, why: 'never mind' });
  await transitionJob(database, { ...step(retried), to: 'failed', stage: 'FAILED', why: 'x' });
  const age = `UPDATE analysis_jobs SET created_at = now() - interval '1 day' WHERE job_id = ?`;
  await database.em().execute(age, [retried.job_id]);
  await retryJob(database, retried.job_id, { by });
  await requestDeletion(database, { target: 'job', id: deleted.job_id, by, cancel: true });
  expect(await countOpenJobs(database)).toEqual([
    { kind: 'technique', phase: 'queued', count: [waiting, retried].length },
    { kind: 'technique', phase: 'running', count: [first, second].length },
  ]);
  const measured = await measureOutbox(database);
  expect(measured.map(({ what, waiting }) => [what, waiting])).toEqual([
    ['job', 2],
    ['cancel', 1],
    ['deletion', 1],
    ['webhook', 1],
  ]);
  for (const { oldest_seconds } of measured) {
    expect(oldest_seconds).toBeGreaterThanOrEqual(0);
    // The retry waits since it was asked for, not since its job was made.
    expect(oldest_seconds).toBeLessThan(3600);
  }
});

/** Rows of the table that PostgreSQL itself says were read while `work` ran, by whatever plan it chose. */
async function rowsRead(one: Database, table: string, work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    // Each backend keeps its own count and tells it when asked to; the pool hands out one connection here.
    await one.em().execute('SELECT pg_stat_force_next_flush()');
    const [{ count }] = await one
      .em()
      .execute<[{ count: number }]>(
        'SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS count FROM pg_stat_user_tables WHERE relname = ?',
        [table],
      );
    return count;
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

test('what is asked every second reads the few rows at work, not the thousands that have ended or wait', async () => {
  const session = (await acceptJob(database, request())).session.id;
  await database.em().execute(
    `INSERT INTO analysis_jobs
       (session_id, user_id, kind, original_key, status, phase, stage, workflow_id, dispatched_at, completed_at, created_at)
     SELECT ?, 'coach-7', 'technique', 'k', 'done', 'succeeded', 'DONE', 'w', now(), now(), now() - n * interval '1 minute'
     FROM generate_series(1, 8000) AS n`,
    [session],
  );
  await database.em().execute(
    `INSERT INTO deletions (target, target_id, user_id, requested_by, state, dispatched_at, completed_at)
     SELECT 'job', gen_random_uuid(), 'coach-7', 'coach-7', 'done', now(), now() FROM generate_series(1, 8000)`,
  );
  for (let n = 0; n < 5; n++) await runningJob(database);
  await database.em().execute('ANALYZE');

  const whole = () => database.em().execute('SELECT count(kind) FROM analysis_jobs');
  expect(await rowsRead(database, 'analysis_jobs', whole)).toBeGreaterThan(8000);
  const page = { idleSeconds: 0, limit: 200 };
  const ofJobsAtWork = {
    countOpenJobs: () => countOpenJobs(database),
    jobsToReconcile: () => jobsToReconcile(database, page),
  };
  const ofOutbox = {
    measureOutbox: () => measureOutbox(database),
    undispatchedJobs: () => undispatchedJobs(database, 16),
    cancelRequests: () => cancelRequests(database, 16),
  };
  for (const [name, ask] of Object.entries({ ...ofJobsAtWork, ...ofOutbox }))
    expect([name, (await rowsRead(database, 'analysis_jobs', ask)) < 100]).toEqual([name, true]);
  const ofDeletions = {
    measureOutbox: () => measureOutbox(database),
    undispatchedDeletions: () => undispatchedDeletions(database, 16),
    unfinishedDeletions: () => unfinishedDeletions(database, page),
  };
  for (const [name, ask] of Object.entries(ofDeletions))
    expect([name, (await rowsRead(database, 'deletions', ask)) < 100]).toEqual([name, true]);

  const waiting = await database.em().execute<unknown[]>(
    `INSERT INTO analysis_jobs
       (session_id, user_id, kind, original_key, status, phase, stage, workflow_id, dispatched_at, created_at)
     SELECT ?, 'coach-7', 'measurement', 'k', 'needs_assist', 'waiting', 'ASSIST', 'w', now(), now() - n * interval '1 minute'
     FROM generate_series(1, 8000) AS n RETURNING 1`,
    [session],
  );
  expect(waiting).toHaveLength(8000);
  await database.em().execute('ANALYZE');
  for (const [name, ask] of Object.entries(ofOutbox))
    expect([name, (await rowsRead(database, 'analysis_jobs', ask)) < 100]).toEqual([name, true]);
});
