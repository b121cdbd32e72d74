import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import { openTestDatabase, request, runningJob, step } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const webhook = { url: 'https://example.org/told', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const withWebhook = () => {
  const plain = request();
  return { ...plain, job: { ...plain.job, webhook } };
};
const reason = { error_message: 'The file is broken.', error_type: 'UnreadableMedia' };
const failed = { to: 'failed', stage: 'FAILED', why: 'Broken', ...reason };
const done = { to: 'done', stage: 'DONE', why: 'All there' };

async function toldOf({ job_id }: Pick<Job, 'job_id'>) {
  return database
    .em()
    .execute<{ type: string; payload: { type: string; data: Record<string, unknown> } }[]>(
      'SELECT type, payload FROM webhook_events WHERE job_id = ? ORDER BY created_at',
      [job_id],
    );
}

test('each end of a job with a webhook is told, a retry’s too; its beginnings are not', async () => {
  const job = await runningJob(database, withWebhook());
  expect(await toldOf(job)).toEqual([]);
  await transitionJob(database, { ...step(job), ...failed });
  await transitionJob(database, { ...step(job), ...failed });
  const again = await retryJob(database, job.job_id, { by: 'coach-7' });
  await transitionJob(database, { ...step(again), to: 'processing', stage: 'QUICK', why: 'again' });
  await transitionJob(database, { ...step(again), ...done });
  const told = await toldOf(job);
  expect(told.map(({ type }) => type)).toEqual(['job.failed', 'job.succeeded']);
  expect(told[0]?.payload).toEqual({
    type: 'job.failed',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: {
      ...{ job_id: job.job_id, kind: 'technique', session_id: job.session_id, status: 'failed' },
      ...{ phase: 'failed', stage: 'FAILED', ...reason },
      links: { job: `/api/jobs/${job.job_id}`, result: `/api/jobs/${job.job_id}/result` },
    },
  });
});

test('a job canceled before a workflow had it is told as well', async () => {
  const { job } = await acceptJob(database, withWebhook());
  await requestCancel(database, job.job_id, { by: 'coach-7', why: 'Canceled by coach-7' });
  expect(await toldOf(job)).toMatchObject([
    { type: 'job.canceled', payload: { data: { status: 'canceled' } } },
  ]);
});

test('without a webhook nobody is told', async () => {
  const job = await runningJob(database);
  await transitionJob(database, { ...step(job), ...failed });
  expect(await toldOf(job)).toEqual([]);
});

test('what a job tells others of its webhook is the address; the secret stays where it is', async () => {
  const { job } = await acceptJob(database, withWebhook());
  expect(job.webhook).toEqual({ url: webhook.url });
  expect(JSON.stringify(await findJob(database, job.job_id))).not.toContain('whsec_');
});

test('what a status promises is written with it or not at all, and then nothing is told', async () => {
  const job = await runningJob(database, withWebhook());
  const broken = transitionJob(database, { ...step(job), ...done }, async (tx, moved) => {
    expect(moved.status).toBe('done');
    await tx.execute('INSERT INTO segment_progress VALUES (?, 1, ?, 0, 7)', [job.job_id, 'deep']);
    throw new Error('the disk is full');
  });
  await expect(broken).rejects.toMatchObject({ type: 'DatabaseWriteError' });
  expect(await findJob(database, job.job_id)).toMatchObject({ status: 'processing', completed_at: null });
  expect((await listTransitions(database, job.job_id)).map(({ to }) => to)).toEqual(['queued', 'processing']);
  expect(
    await database.em().execute('SELECT * FROM segment_progress WHERE job_id = ?', [job.job_id]),
  ).toEqual([]);
  expect(await toldOf(job)).toEqual([]);
});

test('a result that is known only within the step is the job’s', async () => {
  const job = await runningJob(database);
  const ended = await transitionJob(database, { ...step(job), ...done }, async () => ({
    result: { found: 3 },
  }));
  expect(ended.result).toEqual({ found: 3 });
});

test('a step that was made already does not write its promises again', async () => {
  const job = await runningJob(database);
  let times = 0;
  const count = async () => void times++;
  await transitionJob(database, { ...step(job), ...done }, count);
  await transitionJob(database, { ...step(job), ...done }, count);
  expect(times).toBe(1);
});
