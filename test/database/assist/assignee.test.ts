import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { assignAssist } from '../../../src/database/assist/assign-assist.ts';
import { isAssigned } from '../../../src/database/assist/is-assigned.ts';
import { listJobs } from '../../../src/database/jobs/list-jobs.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { Conflict } from '../../../src/domain/errors.ts';
import type { Job } from '../../../src/domain/job.ts';
import { openTestDatabase, step } from '../jobs.ts';
import { measuringJob, waitingJob } from './waiting-job.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const listed = async (filter: Partial<Parameters<typeof listJobs>[1]>) =>
  (await listJobs(database, { limit: 100, ...filter })).items.map(({ job_id }) => job_id);
const end = (job: Job) =>
  transitionJob(database, { ...step(job), to: 'canceled', stage: 'ASSIST', why: 'not needed' });

test('who is asked by name finds those jobs, whosesoever they are, newest first, and no others', async () => {
  const jobs = [await waitingJob(database), await waitingJob(database), await waitingJob(database)];
  const [first, second, third] = jobs as [Job, Job, Job];
  await assignAssist(database, first.job_id, 'anna');
  await assignAssist(database, second.job_id, 'berta');
  await assignAssist(database, third.job_id, 'anna');
  expect(await listed({ assignee: 'anna' })).toEqual([third.job_id, first.job_id]);
  expect(await listed({ assignee: 'coach-7' })).toEqual([]);
  await end(third);
  expect(await listed({ assignee: 'anna', phase: 'waiting' })).toEqual([first.job_id]);
  await retryJob(database, third.job_id, { by: 'coach-7' });
  expect(await listed({ assignee: 'anna' })).toEqual([first.job_id]);
});

test('pages of them go on where the last one ended', async () => {
  for (let n = 0; n < 3; n++) await assignAssist(database, (await waitingJob(database)).job_id, 'clara');
  const one = await listJobs(database, { assignee: 'clara', limit: 2 });
  const two = await listJobs(database, { assignee: 'clara', limit: 2, cursor: one.next_cursor as string });
  const ids = [...one.items, ...two.items].map(({ job_id }) => job_id);
  expect([ids.length, new Set(ids).size, two.next_cursor]).toEqual([3, 3, null]);
});

test('whom nobody asks any more may not read the job, also when it has ended', async () => {
  const job = await waitingJob(database);
  await assignAssist(database, job.job_id, 'berta');
  await end(job);
  expect(await isAssigned(database, job.job_id, 'berta')).toBe(true);
  expect(await assignAssist(database, job.job_id, null)).toMatchObject({ assignee: null });
  expect(await isAssigned(database, job.job_id, 'berta')).toBe(false);
  await expect(assignAssist(database, job.job_id, 'clara')).rejects.toThrow(Conflict);
});

test('a job that asked nobody has nothing to take back', async () => {
  const job = await measuringJob(database);
  await expect(assignAssist(database, job.job_id, null)).rejects.toThrow(Conflict);
});
