import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type JobSteps, jobSteps } from './job-steps.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
let jobs: JobSteps;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
  jobs = jobSteps(api, coach);
});
afterAll(() => api.close());

test('a job that was not started yet is cancelled at once; asked again nothing changes', async () => {
  const { id } = await jobs.newJob();
  const answer = await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ phase: 'canceled' });
  const again = await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`);
  expect([again.status, again.body.updated_at]).toEqual([202, answer.body.updated_at]);
});

test('a job that ended otherwise cannot be cancelled', async () => {
  const { id } = await jobs.newJob();
  await jobs.fail(id);
  expect((await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`)).status).toBe(409);
});

test('a failed job can be tried again, others not', async () => {
  const { id } = await jobs.newJob();
  expect((await api.ask(coach, 'POST', `/api/jobs/${id}/retry`)).status).toBe(409);
  await jobs.fail(id);
  const answer = await api.ask(coach, 'POST', `/api/jobs/${id}/retry`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ phase: 'queued', attempt: 2, progress_pct: 0 });
  expect(answer.body).toMatchObject({ error_message: null, error_type: null });
});

test('a deleted job is gone from every read at once, and its deletion can be followed', async () => {
  const { id, session_id } = await jobs.newJob();
  await jobs.start(id);
  expect((await api.ask(coach, 'DELETE', `/api/jobs/${id}`)).status).toBe(409);
  const answer = await api.ask(coach, 'DELETE', `/api/jobs/${id}?cancel=true`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ target: 'job', target_id: id, completed_at: null });
  expect((await api.ask(coach, 'GET', answer.headers.get('location') as string)).body.id).toBe(
    answer.body.id,
  );
  for (const path of ['', '/result', '/transitions', '/artifacts', '/progress']) {
    expect((await api.ask(coach, 'GET', `/api/jobs/${id}${path}`)).status).toBe(404);
  }
  expect((await api.ask(coach, 'GET', `/api/coaches/plus/analysis-jobs/${id}`)).status).toBe(404);
  expect((await api.ask(coach, 'GET', `/api/jobs?session_id=${session_id}`)).body.items).toEqual([]);
  expect((await api.ask(coach, 'GET', `/api/sessions/${session_id}`)).status).toBe(200);
  const again = await api.ask(coach, 'DELETE', `/api/jobs/${id}`);
  expect([again.status, again.body]).toEqual([202, answer.body]);
});

test('a deleted session takes its jobs along', async () => {
  const { id, session_id } = await jobs.newJob();
  await jobs.fail(id);
  const answer = await api.ask(coach, 'DELETE', `/api/sessions/${session_id}`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ target: 'session', target_id: session_id });
  expect((await api.ask(coach, 'GET', `/api/sessions/${session_id}`)).status).toBe(404);
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}`)).status).toBe(404);
  expect((await api.ask(coach, 'DELETE', `/api/jobs/${id}`)).status).toBe(404);
  const again = await api.ask(coach, 'DELETE', `/api/sessions/${session_id}`);
  expect([again.status, again.body]).toEqual([202, answer.body]);
});
