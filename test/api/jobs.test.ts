import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { moveJob } from '../../src/database/move-job.ts';
import { persistTechniquePass } from '../../src/database/persist-technique-pass.ts';
import { artifactKey } from '../../src/domain/artifact.ts';
import type { Findings, Report } from '../../src/domain/finding.ts';
import { form, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api.close());

async function newJob(user = coach, mode = 'deep') {
  const body = form(
    ['kind', 'technique'],
    ['options', JSON.stringify({ mode })],
    ['file', video(), 'squats.mp4'],
  );
  const answer = await api.ask(user, 'POST', '/api/jobs', { body });
  return answer.body as { id: string; session_id: string };
}

const at = (id: string) => ({ job_id: id, attempt: 1, why: 'the test says so' });
const start = (id: string) => moveJob(api.database, { ...at(id), to: 'processing', stage: 'QUICK' });
const fail = (id: string) =>
  moveJob(api.database, {
    ...at(id),
    to: 'failed',
    stage: 'FAILED',
    error_message: 'squats.mp4 has no video track.',
  });
const succeed = (id: string, result: Record<string, unknown>) =>
  moveJob(api.database, { ...at(id), to: 'done', stage: 'DONE', result });

const findings: Findings = {
  findings: [
    {
      metric: 'head_stability',
      level: 'medium',
      message: 'The head moves.',
      evidence: {
        value: 0.2,
        unit: 'torso lengths',
        threshold: { medium: 0.15, high: 0.3 },
        time_range_s: { start: 0, end: 3 },
        worst_frames: [{ time_s: 1.2, value: 0.4, artifact_key: null }],
      },
    },
  ],
  overall_level: 'medium',
};
const report: Report = {
  text: '# Report',
  overall_level: 'medium',
  sections: [{ title: 'Head', text: 'Moves.' }],
};

async function persistQuick(id: string) {
  const stored = await api.store.put(artifactKey(id, 'quick', 'report.md'), '# Report', {
    mediaType: 'text/markdown',
  });
  const artifact = {
    ...{
      pass: 'quick',
      name: 'report.md',
      key: artifactKey(id, 'quick', 'report.md'),
      media_type: 'text/markdown',
    },
    ...stored,
  };
  await persistTechniquePass(api.database, {
    ...{ job_id: id, attempt: 1, pass: 'quick', results: { metrics: {} }, results_s3_key: artifact.key },
    ...{ findings, report, artifacts: [artifact] },
  });
}

test('pages of a list come newest first and meet without gap or repetition', async () => {
  const user = await api.user();
  const made: string[] = [];
  for (let n = 0; n < 5; n++) made.unshift((await newJob(user)).id);
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
  const [one, two] = [await newJob(user), await newJob(user)];
  await fail(one.id);
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
  const { id } = await newJob();
  const first = await api.ask(coach, 'GET', `/api/jobs/${id}`);
  const etag = first.headers.get('etag') as string;
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  const again = await api.ask(coach, 'GET', `/api/jobs/${id}`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  await start(id);
  const changed = await api.ask(coach, 'GET', `/api/jobs/${id}`, { headers: { 'if-none-match': etag } });
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(etag);
  expect(changed.body).toMatchObject({ status: 'processing', phase: 'running', stage: 'QUICK' });
  expect(changed.body.started_at).not.toBeNull();
});

test('before success the result is a 409 that says where the job is and what is there', async () => {
  const { id } = await newJob();
  await start(id);
  await persistQuick(id);
  const running = await api.ask(coach, 'GET', `/api/jobs/${id}/result`);
  expect(running.status).toBe(409);
  expect(running.body).toMatchObject({ job: { id, phase: 'running' }, artifacts: ['quick/report.md'] });
  await fail(id);
  const failed = await api.ask(coach, 'GET', `/api/jobs/${id}/result`);
  expect(failed.body.detail).toContain('squats.mp4 has no video track.');
});

test('a result and its report, with ETag', async () => {
  const { id } = await newJob();
  const unfinished = await api.ask(coach, 'GET', `/reports/${id}`);
  expect([unfinished.status, unfinished.body.detail]).toEqual([400, 'Job not completed']);
  await start(id);
  await succeed(id, { repetitions: { count: 3 } });
  for (const path of [`/api/jobs/${id}/result`, `/reports/${id}`]) {
    const answer = await api.ask(coach, 'GET', path);
    expect(answer.body).toEqual({ repetitions: { count: 3 } });
    const headers = { 'if-none-match': answer.headers.get('etag') as string };
    expect((await api.ask(coach, 'GET', path, { headers })).status).toBe(304);
  }
  const absent = await api.ask(coach, 'GET', `/reports/${(await newJob()).session_id}`);
  expect([absent.status, absent.body.detail]).toEqual([404, 'Job not found']);
});

test('an old job without a result says so', async () => {
  const { id } = await newJob();
  await start(id);
  await moveJob(api.database, { ...at(id), to: 'done', stage: 'DONE' });
  const answer = await api.ask(coach, 'GET', `/reports/${id}`);
  expect([answer.status, answer.body.detail]).toEqual([404, 'Report not available']);
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}/result`)).status).toBe(404);
});

test('coaches read quick findings while the deep pass still runs; what is not there is null', async () => {
  const { id } = await newJob();
  const path = `/api/coaches/plus/analysis-jobs/${id}`;
  const queued = (await api.ask(coach, 'GET', path)).body;
  expect(queued).toMatchObject({
    id,
    status: 'queued',
    stage: 'QUEUED',
    quick_findings: null,
    deep_report: null,
  });
  await start(id);
  await persistQuick(id);
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
  const { id } = await newJob();
  await start(id);
  await persistQuick(id);
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

test('what happened can be read in order', async () => {
  const { id } = await newJob();
  await start(id);
  await fail(id);
  const { body } = await api.ask(coach, 'GET', `/api/jobs/${id}/transitions`);
  expect(body.items.map(({ from, to }: { from: string; to: string }) => [from, to])).toEqual([
    [null, 'queued'],
    ['queued', 'processing'],
    ['processing', 'failed'],
  ]);
});

test('a job that was not started yet is cancelled at once; asked again nothing changes', async () => {
  const { id } = await newJob();
  const answer = await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ phase: 'canceled' });
  const again = await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`);
  expect([again.status, again.body.updated_at]).toEqual([202, answer.body.updated_at]);
});

test('a job that ended otherwise cannot be cancelled', async () => {
  const { id } = await newJob();
  await fail(id);
  expect((await api.ask(coach, 'POST', `/api/jobs/${id}/cancel`)).status).toBe(409);
});

test('a failed job can be tried again, others not', async () => {
  const { id } = await newJob();
  expect((await api.ask(coach, 'POST', `/api/jobs/${id}/retry`)).status).toBe(409);
  await fail(id);
  const answer = await api.ask(coach, 'POST', `/api/jobs/${id}/retry`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ phase: 'queued', attempt: 2, error_message: null, progress_pct: 0 });
});

test('a deleted job is gone from every read at once, and its deletion can be followed', async () => {
  const { id, session_id } = await newJob();
  await start(id);
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
  const { id, session_id } = await newJob();
  await fail(id);
  const answer = await api.ask(coach, 'DELETE', `/api/sessions/${session_id}`);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ target: 'session', target_id: session_id });
  expect((await api.ask(coach, 'GET', `/api/sessions/${session_id}`)).status).toBe(404);
  expect((await api.ask(coach, 'GET', `/api/jobs/${id}`)).status).toBe(404);
  expect((await api.ask(coach, 'DELETE', `/api/jobs/${id}`)).status).toBe(404);
  const again = await api.ask(coach, 'DELETE', `/api/sessions/${session_id}`);
  expect([again.status, again.body]).toEqual([202, answer.body]);
});
