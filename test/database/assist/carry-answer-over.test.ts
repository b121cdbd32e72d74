import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { carryAnswerOver } from '../../../src/database/assist/carry-answer-over.ts';
import { findAssist } from '../../../src/database/assist/find-assist.ts';
import { openAssist } from '../../../src/database/assist/open-assist.ts';
import { recordAssistAnswer } from '../../../src/database/assist/record-assist-answer.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import type { Job } from '../../../src/domain/job.ts';
import { openTestDatabase, step } from '../jobs.ts';
import { dueAt, waitingJob } from './waiting-job.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const at = new Date('2029-12-31T12:00:00.000Z');
const ask = { needs_object: true };

function answered(job: Job, question: number, answer: object): Promise<unknown> {
  return inTransaction(database, 'the answer', (tx) =>
    recordAssistAnswer(tx, { ...step(job), question, answer, by: 'anna', at }),
  );
}

/** Ended so, retried, and at work again. */
async function again(job: Job, to: 'failed' | 'canceled'): Promise<Job> {
  await transitionJob(database, { ...step(job), to, stage: 'FAILED', why: 'S3 refused' });
  const next = await retryJob(database, job.job_id, { by: 'anna' });
  return transitionJob(database, {
    ...step(next),
    to: 'processing',
    stage: 'MEASURING',
    why: 'a worker took it',
  });
}

async function carried(job: Job, question = 1, fits: (answer: object) => boolean = () => true) {
  let written = false;
  const found = await carryAnswerOver(
    database,
    { ...step(job), question, askOf: (due) => ({ ...ask, due_at: due.toISOString() }) },
    fits,
    async () => {
      written = true;
    },
  );
  expect(written).toBe(found !== null);
  return found?.answered ?? null;
}

test('after a failure it is this attempt’s too, with who and when; the job does not come to wait', async () => {
  const job = await waitingJob(database);
  await answered(job, 1, { size_mm: 50 });
  const next = await again(job, 'failed');
  expect(await carried(next)).toEqual({ answer: { size_mm: 50 }, by: 'anna', at });
  const first = await findAssist(database, job);
  expect(await findAssist(database, next)).toMatchObject({
    ...{ attempt: 2, question: 1, ask: { ...ask, due_at: dueAt.toISOString() }, due_at: dueAt },
    ...{ answered_by: 'anna', answered_at: at, answer: { size_mm: 50 }, created_at: first?.created_at },
  });
  // By way of an attempt that came to ask nothing, too.
  expect(await carried(await again(await again(next, 'failed'), 'failed'))).toMatchObject({ by: 'anna' });
});

test('after a cancellation, also an earlier one, it is not', async () => {
  const job = await waitingJob(database);
  await answered(job, 1, { size_mm: 50 });
  const next = await again(job, 'canceled');
  expect(await carried(next)).toBeNull();
  expect(await findAssist(database, next)).toBeNull();
  expect(await carried(await again(next, 'failed'))).toBeNull();
});

test('one that does not fit what is asked now is left where it is, and so is nothing', async () => {
  const job = await waitingJob(database);
  expect(await carried(await again(job, 'failed'))).toBeNull();
  const other = await waitingJob(database);
  await answered(other, 1, { size_mm: 50 });
  const next = await again(other, 'failed');
  expect(await carried(next, 1, (answer) => 'outlines' in answer)).toBeNull();
  expect(await findAssist(database, next)).toBeNull();
});

test('of several answers each follows the ones it was given after', async () => {
  const job = await waitingJob(database);
  await answered(job, 1, { size_mm: 50 });
  await inTransaction(database, 'a question', (tx) => openAssist(tx, { ...step(job), ask, due_at: dueAt }));
  await answered(job, 2, { size_mm: 51 });
  const next = await again(job, 'failed');
  expect(await carried(next, 2)).toBeNull();
  expect(await carried(next, 1)).toMatchObject({ answer: { size_mm: 50 } });
  expect(await carried(next, 2)).toMatchObject({ answer: { size_mm: 51 } });
  expect(await findAssist(database, next)).toMatchObject({
    ...{ question: 2, answer: { size_mm: 51 } },
    ask: { ...ask, earlier: [{ answer: { size_mm: 50 }, by: 'anna', at: at.toISOString() }] },
  });
});
