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

test('pages of a list come newest first and meet without gap or repetition', async () => {
  const user = await api.user();
  const made: string[] = [];
  for (let n = 0; n < 5; n++) made.unshift((await jobs.newJob(user)).id);
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await api.ask(
      user,
      'GET',
      `/api/jobs?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(made);
  expect((await api.ask(user, 'GET', '/api/sessions')).body.items).toHaveLength(5);
});

test('lists can be narrowed, and a wrong filter is named', async () => {
  const user = await api.user();
  const [one, two] = [await jobs.newJob(user), await jobs.newJob(user)];
  await jobs.fail(one.id);
  const ids = async (query: string) =>
    (await api.ask(user, 'GET', `/api/jobs?${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids('phase=failed')).toEqual([one.id]);
  expect(await ids('status=queued')).toEqual([two.id]);
  expect(await ids('kind=technique&phase=queued')).toEqual([two.id]);
  for (const [query, field] of [
    ['limit=1000', 'limit'],
    ['phase=lost', 'phase'],
    ['cursor=nonsense', 'cursor'],
    ['status=finished', '"processing"'],
    ['kind=dance', '"technique"'],
  ] as const) {
    const answer = await api.ask(user, 'GET', `/api/jobs?${query}`);
    expect([query, answer.status]).toEqual([query, 422]);
    expect(answer.body.detail).toContain(field);
  }
});

test('a job that did not change is a 304', async () => {
  const { id } = await jobs.newJob();
  const first = await api.ask(coach, 'GET', `/api/jobs/${id}`);
  const etag = first.headers.get('etag') as string;
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  const again = await api.ask(coach, 'GET', `/api/jobs/${id}`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  await jobs.start(id);
  const changed = await api.ask(coach, 'GET', `/api/jobs/${id}`, { headers: { 'if-none-match': etag } });
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
  expect(changed.body).toMatchObject({ status: 'processing', phase: 'running', stage: 'QUICK' });
  expect(changed.body.started_at).not.toBeNull();
});

test('what happened can be read in order', async () => {
  const { id } = await jobs.newJob();
  await jobs.start(id);
  await jobs.fail(id);
  const { body } = await api.ask(coach, 'GET', `/api/jobs/${id}/transitions`);
  expect(body.items.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
    [null, 'queued'],
    ['queued', 'processing'],
    ['processing', 'failed'],
  ]);
});
