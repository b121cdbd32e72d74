import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { enterStage } from '../../../src/database/jobs/enter-stage.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { recordProgress } from '../../../src/database/jobs/record-progress.ts';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { Conflict, StaleAttempt } from '../../../src/domain/errors.ts';
import { persistTechniquePass } from '../../../src/kinds/technique/tables/persist-technique-pass.ts';
import { techniqueFields } from '../../../src/kinds/technique/tables/technique-fields.ts';
import { openTestDatabase, request, runningJob, step } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const done = { to: 'done', stage: 'DONE', why: 'All there', result: { overall_level: 'low' } };
const reason = { error_message: 'The file is broken.', error_type: 'UnreadableMedia' };
const failed = { to: 'failed', stage: 'FAILED', why: 'Broken', ...reason };

test('a job that ends takes its session with it and says when', async () => {
  const job = await runningJob(database);
  const ended = await transitionJob(database, { ...step(job), ...done });
  expect(ended).toMatchObject({ phase: 'succeeded', progress_pct: 100, result: { overall_level: 'low' } });
  expect(ended.completed_at).toBeInstanceOf(Date);
  expect(await findSession(database, job.session_id)).toMatchObject({ status: 'succeeded' });
});

test('whoever wrote why a job failed, users do not read of our machines, and the name of their file stays', async () => {
  const { session, job } = request();
  const file_name = 'EVENT 10.0.0.5 squat.local';
  const moved = await runningJob(database, { session: { ...session, file_name }, job });
  const said = (path: string) => `"${file_name}" is damaged: ${path} cannot be read.`;
  const words = { error_message: said('/srv/scratch/1'), why: said('/srv/scratch/1') };
  const ended = await transitionJob(database, { ...step(moved), ...failed, ...words });
  expect(ended).toMatchObject({ error_message: said('(a path)') });
  expect((await listTransitions(database, moved.job_id)).at(-1)).toMatchObject({ why: said('(a path)') });
});

test('of two workers that end a job at once, one wins', async () => {
  const job = await runningJob(database);
  const ends = await Promise.allSettled([
    transitionJob(database, { ...step(job), ...done }),
    transitionJob(database, { ...step(job), ...failed }),
  ]);
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const trail = await listTransitions(database, job.job_id);
  expect(trail.filter(({ to }) => to === 'done' || to === 'failed')).toHaveLength(1);
});

test('the same step twice is written once', async () => {
  const job = await runningJob(database);
  await transitionJob(database, { ...step(job), ...done });
  await transitionJob(database, { ...step(job), ...done });
  expect((await listTransitions(database, job.job_id)).filter(({ to }) => to === 'done')).toHaveLength(1);
});

test('a late attempt moves neither a finished job nor one that was retried', async () => {
  const job = await runningJob(database);
  expect(await transitionJob(database, { ...step(job), ...failed })).toMatchObject(reason);
  await expect(transitionJob(database, { ...step(job), ...done })).rejects.toThrow(StaleAttempt);
  const retried = await retryJob(database, job.job_id, { by: 'coach-7' });
  expect(retried).toMatchObject({ attempt: 2, status: 'queued', dispatched_at: null });
  expect(retried).toMatchObject({ error_message: null, error_type: null });
  await expect(
    transitionJob(database, { ...step(job), to: 'processing', stage: 'QUICK', why: 'late' }),
  ).rejects.toThrow(StaleAttempt);
  await expect(
    persistTechniquePass(database, {
      ...step(job),
      pass: 'quick',
      results: {},
      results_s3_key: null,
      findings: null,
      report: null,
      artifacts: [],
    }),
  ).rejects.toThrow(StaleAttempt);
  expect(await techniqueFields(database, job.job_id)).toEqual(new Set());
});

test('a pass persisted twice is there once', async () => {
  const job = await runningJob(database);
  const key = `jobs/${job.job_id}/quick/findings.json`;
  const pass = {
    ...step(job),
    pass: 'quick' as const,
    results: { a: 1 },
    results_s3_key: key,
    findings: { findings: [], overall_level: 'low' as const },
    report: null,
    artifacts: [
      {
        pass: 'quick',
        name: 'findings.json',
        key,
        media_type: 'application/json',
        bytes: 2,
        sha256: 'a'.repeat(64),
      },
    ],
  };
  await Promise.all([persistTechniquePass(database, pass), persistTechniquePass(database, pass)]);
  expect(await techniqueFields(database, job.job_id)).toEqual(
    new Set(['quick_results', 'quick_results_s3_key', 'quick_findings']),
  );
});

test('a pass that cannot be written whole is not written at all', async () => {
  const job = await runningJob(database);
  const artifact = {
    pass: 'quick',
    name: 'x',
    key: 'k'.repeat(501),
    media_type: 'a/b',
    bytes: 1,
    sha256: '',
  };
  const pass = { ...step(job), pass: 'quick' as const, results: {}, results_s3_key: null, findings: null };
  await expect(
    persistTechniquePass(database, { ...pass, report: null, artifacts: [artifact] }),
  ).rejects.toMatchObject({ type: 'DatabaseWriteError' });
  expect(await techniqueFields(database, job.job_id)).toEqual(new Set());
});

test('progress adds up over segments, never falls, and stays under 100 until done', async () => {
  const job = await runningJob(database);
  const deep = { ...step(job), pass: 'deep', total: 200, from_pct: 20, to_pct: 100 };
  await recordProgress(database, { ...deep, part: 0, done: 100 });
  await recordProgress(database, { ...deep, part: 1, done: 50 });
  expect(await findJob(database, job.job_id)).toMatchObject({ progress_pct: 80 });
  await recordProgress(database, { ...deep, part: 1, done: 10 });
  expect(await findJob(database, job.job_id)).toMatchObject({ progress_pct: 80 });
  await recordProgress(database, { ...deep, part: 1, done: 100 });
  expect(await findJob(database, job.job_id)).toMatchObject({ progress_pct: 99 });
  await recordProgress(database, { ...deep, attempt: 9, part: 1, done: 100 });
});

test('a stage entered twice stands in the trail once', async () => {
  const job = await runningJob(database);
  await enterStage(database, { ...step(job), stage: 'DEEP', why: 'Every frame' });
  await enterStage(database, { ...step(job), stage: 'DEEP', why: 'Every frame' });
  expect((await listTransitions(database, job.job_id)).filter(({ stage }) => stage === 'DEEP')).toHaveLength(
    1,
  );
});

test('a job that is in the stage already moves its progress on, and never back', async () => {
  const job = await runningJob(database);
  const deep = { ...step(job), stage: 'DEEP', why: 'Every frame' };
  await enterStage(database, deep);
  expect(await enterStage(database, { ...deep, progress_pct: 10 })).toMatchObject({ progress_pct: 10 });
  expect(await enterStage(database, { ...deep, progress_pct: 5 })).toMatchObject({ progress_pct: 10 });
});

test('a job not yet dispatched is canceled at once; one at work is asked to stop; an ended one refuses', async () => {
  const { job } = await acceptJob(database, request());
  const why = { by: 'coach-7', why: 'Canceled by coach-7' };
  expect(await requestCancel(database, job.job_id, why)).toMatchObject({ status: 'canceled' });
  const running = await runningJob(database);
  const asked = await requestCancel(database, running.job_id, why);
  expect(asked.status).toBe('processing');
  expect(asked.cancel_requested_at).toBeInstanceOf(Date);
  await transitionJob(database, { ...step(running), ...done });
  await expect(requestCancel(database, running.job_id, why)).rejects.toThrow(Conflict);
  await expect(retryJob(database, running.job_id, { by: 'coach-7' })).rejects.toThrow(Conflict);
});

test('a result over 1 MiB is refused, and the job is as it was', async () => {
  const job = await runningJob(database);
  const result = { text: 'x'.repeat(1_100_000) };
  await expect(transitionJob(database, { ...step(job), ...done, result })).rejects.toMatchObject({
    type: 'DatabaseWriteError',
  });
  expect(await findJob(database, job.job_id)).toMatchObject({ status: 'processing', result: null });
});
