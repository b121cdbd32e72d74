import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../src/database/database.ts';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import { Conflict } from '../../src/domain/errors.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { openTestDatabase, request, runningJob, step } from './jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

test('a connection cut in the middle of a transaction leaves nothing of it', async () => {
  const job = await runningJob(database);
  const cut = inTransaction(database, 'half of it', async (tx) => {
    await tx.execute(`UPDATE analysis_jobs SET status = 'failed' WHERE job_id = ?`, [job.job_id]);
    await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())');
  });
  await expect(cut).rejects.toMatchObject({ type: 'DatabaseWriteError', retryable: true });
  expect(await findJob(database, job.job_id)).toMatchObject({ status: 'processing' });
});

test('connections cut in the middle do not use up the pool', async () => {
  const small = await openDatabase(database.url, { kinds: databaseKinds, poolMax: 2 });
  try {
    for (let n = 0; n < 5; n++) {
      const cut = inTransaction(small, 'anything', (tx) =>
        tx.execute('SELECT pg_terminate_backend(pg_backend_pid())'),
      );
      await expect(cut).rejects.toMatchObject({ type: 'DatabaseWriteError' });
    }
    await small.ping();
  } finally {
    await small.close();
  }
});

test('an error of the domain undoes what was written before it and stays what it is', async () => {
  const job = await runningJob(database);
  const refused = inTransaction(database, 'half of it', async (tx) => {
    await tx.execute(`UPDATE analysis_jobs SET status = 'failed' WHERE job_id = ?`, [job.job_id]);
    throw new Conflict('no');
  });
  await expect(refused).rejects.toThrow(Conflict);
  expect(await findJob(database, job.job_id)).toMatchObject({ status: 'processing' });
});

test('two transactions that wait for each other both get through', async () => {
  const [first, second] = [await runningJob(database), await runningJob(database)];
  let tries = 0;
  const { promise: bothHoldOne, resolve: nowBoth } = Promise.withResolvers<void>();
  const lockBoth = (one: string, other: string) =>
    inTransaction(database, 'both', async (tx) => {
      await tx.execute('UPDATE analysis_jobs SET progress_pct = 1 WHERE job_id = ?', [one]);
      tries++;
      if (tries === 2) nowBoth();
      await bothHoldOne;
      await tx.execute('UPDATE analysis_jobs SET progress_pct = 2 WHERE job_id = ?', [other]);
    });
  await Promise.all([lockBoth(first.job_id, second.job_id), lockBoth(second.job_id, first.job_id)]);
  // At least one was ended and tried again; PostgreSQL may find the deadlock on both sides.
  expect(tries).toBeGreaterThan(2);
  const progress = async ({ job_id }: { job_id: string }) => (await findJob(database, job_id))?.progress_pct;
  expect([await progress(first), await progress(second)].sort()).toEqual([1, 2]);
});

test('steps of jobs and the deletion of their session at once: each gets through or is refused cleanly', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const job = await runningJob(database);
      const moved = transitionJob(database, { ...step(job), to: 'done', stage: 'DONE', why: 'All there' });
      const wish = { target: 'session' as const, id: job.session_id, by: 'op', cancel: true };
      return Promise.all([moved, requestDeletion(database, wish)]);
    }),
  );
  for (const [moved] of outcomes) expect(moved.status).toBe('done');
});

test('a job that somebody holds locked is not waited for without end', async () => {
  const job = await runningJob(database);
  const impatient = await openDatabase(database.url, { kinds: databaseKinds, statementTimeoutMs: 300 });
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  const move = { ...step(job), to: 'done', stage: 'DONE', why: 'All there' };
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM analysis_jobs WHERE job_id = $1 FOR UPDATE', [job.job_id]);
    await expect(transitionJob(impatient, move)).rejects.toMatchObject({ type: 'DatabaseWriteError' });
    await holder.query('ROLLBACK');
    expect(await transitionJob(impatient, move)).toMatchObject({ status: 'done' });
    expect((await listTransitions(database, job.job_id)).filter(({ to }) => to === 'done')).toHaveLength(1);
  } finally {
    await holder.end();
    await impatient.close();
  }
});

test('the idempotency key of a job that is being deleted is refused with the reason', async () => {
  const idempotency = { key: 'gone', fingerprint: 'a' };
  const { job } = await acceptJob(database, request({ idempotency }));
  await requestDeletion(database, { target: 'job', id: job.job_id, by: 'coach-7', cancel: true });
  await expect(acceptJob(database, request({ idempotency }))).rejects.toThrow('is being deleted');
});
