import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assignAssist } from '../../../src/database/assist/assign-assist.ts';
import { findAssist } from '../../../src/database/assist/find-assist.ts';
import { isAssigned } from '../../../src/database/assist/is-assigned.ts';
import { markReminded } from '../../../src/database/assist/mark-reminded.ts';
import { recordAssistAnswer } from '../../../src/database/assist/record-assist-answer.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import { Conflict, NotFound } from '../../../src/domain/errors.ts';
import type { Job } from '../../../src/domain/job.ts';
import { openTestDatabase, step } from '../jobs.ts';
import { ask, dueAt, measuringJob, waitingJob } from './waiting-job.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const at = new Date('2029-12-31T12:00:00.000Z');
const answered = (job: Job, by: string, answer: object = { size_mm: 50 }) =>
  inTransaction(database, 'the answer', (tx) =>
    recordAssistAnswer(tx, { ...step(job), question: 1, answer, by, at }),
  );
const told = async ({ job_id }: Job) =>
  (
    await database
      .em()
      .execute<{ type: string }[]>('SELECT type FROM webhook_events WHERE job_id = ? ORDER BY created_at', [
        job_id,
      ])
  ).map(({ type }) => type);

test('a job that waits says until when, and what is asked; when it ends it waits no more', async () => {
  const job = await waitingJob(database);
  expect(job).toMatchObject({ status: 'needs_assist', phase: 'waiting', assist_due_at: dueAt });
  expect(await findAssist(database, job)).toMatchObject({
    ...{ attempt: 1, ask, due_at: dueAt, answer: null, answered_by: null, assignee: null, reminded_at: null },
  });
  expect(await told(job)).toEqual(['job.needs_assist']);
  const ended = await transitionJob(database, {
    ...step(job),
    to: 'canceled',
    stage: 'ASSIST',
    why: 'not needed',
  });
  expect(ended.assist_due_at).toBeNull();
});

test('of two who answer at once one wins, and the other is told who it was', async () => {
  const job = await waitingJob(database);
  const answers = await Promise.allSettled([answered(job, 'anna'), answered(job, 'berta')]);
  const [won] = answers.filter(({ status }) => status === 'fulfilled');
  const [lost] = answers.filter(({ status }) => status === 'rejected');
  const winner = (won as PromiseFulfilledResult<{ answered_by: string }>).value.answered_by;
  const { reason } = lost as PromiseRejectedResult;
  expect(reason).toBeInstanceOf(Conflict);
  expect(reason.message).toContain(`${winner} answered first, at 2029-12-31T12:00:00.000Z`);
  expect(await findAssist(database, job)).toMatchObject({ answered_by: winner, answered_at: at });
});

test('the same answer again changes nothing; another one of the same person is refused', async () => {
  const job = await waitingJob(database);
  const first = await answered(job, 'anna', { size_mm: 50, note: 'measured' });
  expect(await answered(job, 'anna', { note: 'measured', size_mm: 50 })).toEqual(first);
  await expect(answered(job, 'anna', { size_mm: 60 })).rejects.toThrow(Conflict);
  await expect(answered(await measuringJob(database), 'anna')).rejects.toThrow(NotFound);
});

test('an overdue answer is reminded of once, and not when nobody waits any more', async () => {
  const job = await waitingJob(database);
  expect(await markReminded(database, step(job))).toBe(true);
  expect(await markReminded(database, step(job))).toBe(false);
  expect((await findAssist(database, job))?.reminded_at).toBeInstanceOf(Date);
  expect(await told(job)).toEqual(['job.needs_assist', 'job.assist_due']);
  const ended = await waitingJob(database);
  await transitionJob(database, { ...step(ended), to: 'canceled', stage: 'ASSIST', why: 'not needed' });
  expect(await markReminded(database, step(ended))).toBe(false);
  expect(await told(ended)).toEqual(['job.needs_assist', 'job.canceled']);
});

test('an operator names who is to answer, who may then see the job; others may not', async () => {
  const job = await waitingJob(database);
  expect(await isAssigned(database, job.job_id, 'berta')).toBe(false);
  expect(await assignAssist(database, job.job_id, 'berta')).toMatchObject({ assignee: 'berta' });
  expect(await isAssigned(database, job.job_id, 'berta')).toBe(true);
  expect(await isAssigned(database, job.job_id, 'anna')).toBe(false);
  await assignAssist(database, job.job_id, null);
  expect(await isAssigned(database, job.job_id, 'berta')).toBe(false);
});

test('nobody is assigned to a job that waits for nobody', async () => {
  const job = await measuringJob(database);
  await expect(assignAssist(database, job.job_id, 'berta')).rejects.toThrow(Conflict);
  const waiting = await waitingJob(database);
  await answered(waiting, 'anna');
  await expect(assignAssist(database, waiting.job_id, 'berta')).rejects.toThrow(Conflict);
  expect(await findJob(database, waiting.job_id)).toMatchObject({ status: 'needs_assist' });
});
