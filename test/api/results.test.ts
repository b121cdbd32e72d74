import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findings, type JobSteps, jobSteps, report } from './job-steps.ts';
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

test('before success the result is a 409 that says where the job is and what is there', async () => {
  const { id } = await jobs.newJob();
  await jobs.start(id);
  await jobs.persistQuick(id);
  const running = await api.ask(coach, 'GET', `/api/jobs/${id}/result`);
  expect(running.status).toBe(409);
  expect(running.body).toMatchObject({ job: { id, phase: 'running' }, artifacts: ['quick/report.md'] });
  await jobs.fail(id);
  const failed = await api.ask(coach, 'GET', `/api/jobs/${id}/result`);
  expect(failed.body.detail).toContain('squats.mp4 has no video track.');
  expect(failed.body.job.error_type).toBe('UnreadableMedia');
});

test('a result and its report, with ETag', async () => {
  const { id } = await jobs.newJob();
  const unfinished = await api.ask(coach, 'GET', `/reports/${id}`);
  expect([unfinished.status, unfinished.body.detail]).toEqual([400, 'Job not completed']);
  await jobs.start(id);
  await jobs.succeed(id, { repetitions: { count: 3 } });
  for (const path of [`/api/jobs/${id}/result`, `/reports/${id}`]) {
    const answer = await api.ask(coach, 'GET', path);
    expect(answer.body).toEqual({ repetitions: { count: 3 } });
    const headers = { 'if-none-match': answer.headers.get('etag') as string };
    expect((await api.ask(coach, 'GET', path, { headers })).status).toBe(304);
  }
  const absent = await api.ask(coach, 'GET', `/reports/${(await jobs.newJob()).session_id}`);
  expect([absent.status, absent.body.detail]).toEqual([404, 'Job not found']);
});

test('an old job without a result says so', async () => {
  const { id } = await jobs.newJob();
  await jobs.start(id);
  await jobs.succeed(id, null);
  const answer = await api.ask(coach, 'GET', `/reports/${id}`);
  expect([answer.status, answer.body.detail]).toEqual([404, 'Report not available']);
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}/result`)).status).toBe(404);
});

test('coaches read quick findings while the deep pass still runs; what is not there is null', async () => {
  const { id } = await jobs.newJob();
  const path = `/api/coaches/plus/analysis-jobs/${id}`;
  const queued = (await api.ask(coach, 'GET', path)).body;
  expect(queued).toMatchObject({
    id,
    status: 'queued',
    stage: 'QUEUED',
    quick_findings: null,
    deep_report: null,
  });
  await jobs.start(id);
  await jobs.persistQuick(id);
  const { body } = await api.ask(coach, 'GET', path);
  expect(body).toMatchObject({
    quick_findings: findings,
    quick_report: report,
    quick_results: { metrics: {} },
  });
  expect(Object.keys(body).sort()).toEqual(
    [
      ...['id', 'status', 'stage', 'progress_pct', 'error_message'],
      ...['results', 'results_s3_key', 'findings', 'report'].flatMap((name) => [
        `quick_${name}`,
        `deep_${name}`,
      ]),
      ...['created_at', 'updated_at', 'started_at', 'completed_at'],
    ].sort(),
  );
  expect(body.deep_findings).toBeNull();
});

test('artifacts come with links that work without a token', async () => {
  const { id } = await jobs.newJob();
  await jobs.start(id);
  await jobs.persistQuick(id);
  const { body } = await api.ask(coach, 'GET', `/api/jobs/${id}/artifacts`);
  expect(body.items).toHaveLength(1);
  const [artifact] = body.items;
  expect(artifact).toMatchObject({ pass: 'quick', name: 'report.md', media_type: 'text/markdown', bytes: 8 });
  expect(await (await fetch(artifact.url)).text()).toBe('# Report');

  const redirect = await api.ask(coach, 'GET', artifact.href);
  expect(redirect.status).toBe(302);
  expect(await (await fetch(redirect.headers.get('location') as string)).text()).toBe('# Report');
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}/artifacts/quick/other.md`)).status).toBe(404);
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}/artifacts?pass=deep`)).body.items).toEqual([]);
});
