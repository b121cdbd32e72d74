import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { persistTechniquePass } from '../../src/kinds/technique/tables/persist-technique-pass.ts';
import { form, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
let path: string;
let id: string;

const text =
  '# Technique: \\<b\\>.mp4\n\n![Head, evidence-01.jpg](evidence-01.jpg)\n\n<script>alert(1)</script>';

beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
  const body = form(['kind', 'technique'], ['options', '{"mode":"quick"}'], ['file', video(), 'a.mp4']);
  id = (await api.ask(coach, 'POST', '/api/jobs', { body })).body.id;
  path = `/reports/${id}`;
  const step = { job_id: id, attempt: 1, why: 'the test says so' };
  await transitionJob(api.database, { ...step, to: 'processing', stage: 'QUICK' });
  await persistTechniquePass(api.database, quickPass(id));
  await transitionJob(api.database, { ...step, to: 'done', stage: 'DONE', result: { overall: 'low' } });
});
afterAll(() => api?.close());

function quickPass(job_id: string) {
  return {
    ...{ job_id, attempt: 1, pass: 'quick' as const, results: {}, results_s3_key: 'k', artifacts: [] },
    findings: { findings: [], overall_level: 'low' as const },
    report: { text, overall_level: 'low' as const, sections: [] },
  };
}

const as = (accept: string) => api.ask(coach, 'GET', path, { headers: { accept } });

describe('a report is', () => {
  test('JSON for a program, whatever it accepts or does not say', async () => {
    for (const accept of ['*/*', 'application/json', 'image/png', 'text/html;q=0.5, application/json']) {
      const { body, headers } = await as(accept);
      expect([accept, body]).toEqual([accept, { overall: 'low' }]);
      expect(headers.get('vary')).toContain('accept');
    }
  });

  test('Markdown where that is asked for, its pictures at their lasting addresses', async () => {
    const { body, headers } = await as('text/markdown');
    expect(headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(body).toContain(`](/api/jobs/${id}/artifacts/quick/evidence-01.jpg)`);
  });

  test('a page in a browser, which shows pictures and runs nothing', async () => {
    const { body, headers } = await as('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(body).toContain('<h1>Technique: &lt;b&gt;.mp4</h1>');
    expect(body).toContain(`<img src="/api/jobs/${id}/artifacts/quick/evidence-01.jpg"`);
    expect(body).not.toContain('<script');
    const policy = headers.get('content-security-policy') as string;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(policy).not.toContain('unsafe');
    // The picture's address redirects to S3.
    expect(policy).toContain(`img-src 'self' ${new URL(process.env.AWS_ENDPOINT_URL_S3 as string).origin};`);
  });

  test('each of them unchanged when its ETag says so', async () => {
    const page = await as('text/html');
    const headers = { accept: 'text/html', 'if-none-match': page.headers.get('etag') as string };
    expect((await api.ask(coach, 'GET', path, { headers })).status).toBe(304);
    expect((await as('text/markdown')).headers.get('etag')).not.toBe(page.headers.get('etag'));
  });
});

test('of a job that has not succeeded, a program gets the problem, and a browser a page that says why', async () => {
  const body = form(['kind', 'technique'], ['file', video(), 'a_b.mp4']);
  const { body: job } = await api.ask(coach, 'POST', '/api/jobs', { body });
  const early = (accept: string) => api.ask(coach, 'GET', `/reports/${job.id}`, { headers: { accept } });
  expect(await early('text/markdown')).toMatchObject({ status: 400, body: { detail: 'Job not completed' } });
  const waiting = await early('text/html');
  expect([waiting.status, waiting.body]).toEqual([
    400,
    expect.stringMatching(/<h1>Job not completed<\/h1>\s*<p>The technique of a_b\.mp4 is <strong>queued</),
  ]);
  const step = { job_id: job.id, attempt: 1 };
  await transitionJob(api.database, { ...step, why: 'begun', to: 'processing', stage: 'QUICK' });
  await persistTechniquePass(api.database, quickPass(job.id));
  await transitionJob(api.database, {
    ...step,
    why: 'the quick pass is finished',
    to: 'processing',
    stage: 'DEEP',
  });
  const halfway = await early('text/html');
  expect(halfway.status).toBe(400);
  expect(halfway.body).toContain('It is at work.');
  expect(halfway.body).toContain('<h1>Technique: &lt;b&gt;.mp4</h1>');
  expect(halfway.body).toContain(`<img src="/api/jobs/${job.id}/artifacts/quick/evidence-01.jpg"`);
  expect(halfway.headers.get('content-security-policy')).toContain(process.env.AWS_ENDPOINT_URL_S3);
  expect(await early('application/json')).toMatchObject({
    status: 400,
    body: { detail: 'Job not completed' },
  });

  const why = 'a_b.mp4 is damaged.';
  await transitionJob(api.database, { ...step, to: 'failed', stage: 'FAILED', why, error_message: why });
  const failed = (await early('text/html')).body;
  expect(failed).toContain('<p>a_b.mp4 is damaged.</p>');
  expect(failed).toContain('<h1>Technique: &lt;b&gt;.mp4</h1>');
});
