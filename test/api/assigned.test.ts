import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import type { Job } from '../../src/domain/job.ts';
import { waitingJob } from '../database/assist/waiting-job.ts';
import { step } from '../database/jobs.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let owner: TestUser;
let lab: TestUser;
let operator: TestUser;
const told: (string | null)[] = [];
beforeAll(async () => {
  api = await startApi({
    assist: {
      deliver: async () => {
        throw new Error('nobody answers here');
      },
      assigned: async (_job, assignee) => void told.push(assignee),
    },
  });
  [owner, lab, operator] = await Promise.all([api.user('user', 'coach-7'), api.user(), api.user('operator')]);
});
afterAll(() => api?.close());

const secretUrl = 'https://hooks.example.org/T0/B0/geheim';

async function assigned(): Promise<Job> {
  const job = await waitingJob(api.database);
  await api.database
    .em()
    .execute('UPDATE analysis_jobs SET webhook_url = ? WHERE job_id = ?', [secretUrl, job.job_id]);
  expect((await assign(job, lab.id)).status).toBe(200);
  return job;
}

const assign = ({ job_id }: Job, assignee: string | null) =>
  api.ask(operator, 'PATCH', `/api/jobs/${job_id}/assist`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ assignee }),
  });
const list = async (user: TestUser, query: string) =>
  (await api.ask(user, 'GET', `/api/jobs?${query}`)).body.items.map(({ id }: { id: string }) => id);

test('who is asked by name finds the job with ?assigned=me, and it is not among their own', async () => {
  const { job_id } = await assigned();
  expect(await list(lab, 'assigned=me&phase=waiting')).toContain(job_id);
  expect(await list(lab, '')).not.toContain(job_id);
  expect(await list(owner, 'assigned=me')).toEqual([]);
  expect(await list(operator, 'assigned=me')).toEqual([]);
  expect((await api.ask(lab, 'GET', '/api/jobs?assigned=coach-7')).status).toBe(422);
});

test('who was asked by name is nowhere told the webhook’s address; owner and operators are', async () => {
  const { job_id } = await assigned();
  const path = `/api/jobs/${job_id}`;
  for (const one of [
    path,
    `${path}/result`,
    '/api/jobs?assigned=me',
    `/api/analyses/${job_id}`,
    `${path}/assist`,
  ]) {
    expect([one, JSON.stringify((await api.ask(lab, 'GET', one)).body)]).toEqual([
      one,
      expect.not.stringContaining('geheim'),
    ]);
  }
  expect((await api.ask(lab, 'GET', path)).body.webhook).toBeNull();
  expect((await api.ask(lab, 'GET', `${path}/webhooks`)).status).toBe(404);
  for (const user of [owner, operator]) {
    expect((await api.ask(user, 'GET', path)).body.webhook).toEqual({ url: secretUrl });
  }
});

test('an operator takes back who was asked, also after the end: they read and list it no more', async () => {
  const job = await assigned();
  await transitionJob(api.database, { ...step(job), to: 'canceled', stage: 'ASSIST', why: 'enough' });
  expect((await api.ask(lab, 'GET', `/api/jobs/${job.job_id}`)).status).toBe(200);
  told.length = 0;
  expect((await assign(job, null)).body).toMatchObject({ assignee: null });
  expect(told).toEqual([]);
  expect((await api.ask(lab, 'GET', `/api/jobs/${job.job_id}`)).status).toBe(404);
  expect(await list(lab, 'assigned=me')).not.toContain(job.job_id);
  expect((await assign(job, lab.id)).status).toBe(409);
});
