import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { form, video } from './form.ts';
import { type RunningApi, startApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test('alive and ready, each dependency by name', async () => {
  expect((await api.ask(null, 'GET', '/health/live')).body).toEqual({ state: 'live' });
  const ready = () => api.ask(null, 'GET', '/health/ready');
  let { status, body } = await ready();
  // A dependency that does not answer for a moment, on a machine with much to do, is down for that moment.
  for (const end = Date.now() + 30_000; status !== 200 && Date.now() < end; await sleep(200)) {
    ({ status, body } = await ready());
  }
  expect(status).toBe(200);
  expect(body).toMatchObject({
    state: 'ready',
    dependencies: { database: { state: 'up' }, storage: { state: 'up' }, temporal: { state: 'up' } },
  });
});

test('metrics count requests by route, not by id', async () => {
  const coach = await api.user();
  const operator = await api.user('operator');
  const body = form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  const { body: job } = await api.ask(coach, 'POST', '/api/jobs', { body });
  await api.ask(coach, 'GET', `/api/jobs/${job.id}`);
  const answer = await api.ask(operator, 'GET', '/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(answer.body).toMatch(
    /doubletake_http_request_duration_seconds_count\{.*route="\/api\/jobs\/:id".*\} 1/,
  );
  expect(answer.body).not.toContain(job.id);
});

test('the reference is served with all it needs', async () => {
  const page = await fetch(`${api.url}/api/docs/`);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('js/scalar.js');
  expect(html).not.toMatch(/(src|href)="https?:/);
  expect((await fetch(`${api.url}/api/docs/js/scalar.js`)).status).toBe(200);
  const document = await (await fetch(`${api.url}/api/openapi.json`)).json();
  expect(document).toMatchObject({ openapi: '3.1.0' });
  // The call that everything begins with comes first.
  const { tags, paths } = document as { tags: { name: string }[]; paths: Record<string, object> };
  expect([tags[0]?.name, Object.keys(paths).find((path) => path.startsWith('/api/jobs'))]).toEqual([
    'jobs',
    '/api/jobs',
  ]);
  expect(html).toMatch(/agent.{0,20}disabled/s);
});

test('answers carry security headers and the caller’s request id', async () => {
  const answer = await fetch(`${api.url}/health/live`, { headers: { 'x-request-id': 'abc-123' } });
  expect(answer.headers.get('x-request-id')).toBe('abc-123');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  const forged = await fetch(`${api.url}/health/live`, { headers: { 'x-request-id': 'a b"c' } });
  expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a page that does not exist is a problem', async () => {
  const answer = await api.ask(null, 'GET', '/api/nothing');
  expect(answer.status).toBe(404);
  expect(answer.body).toMatchObject({
    type: 'urn:doubletake:problem:not-found',
    detail: 'There is no GET /api/nothing.',
  });
});

test('an id that can be none is told what an id is', async () => {
  const answer = await api.ask(await api.user(), 'GET', '/api/jobs/nope');
  expect([answer.status, answer.body.detail]).toEqual([
    404,
    expect.stringMatching(/"nope" is no id\. Take it from a list/),
  ]);
});

test('the bare address says what this is, to programs and in a browser', async () => {
  const { body } = await api.ask(null, 'GET', '/');
  expect(body).toMatchObject({ name: 'doubletake', links: { reference: '/api/docs' } });
  const page = await api.ask(null, 'GET', '/', { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.body).toContain('<a href="/api/docs">');
});
