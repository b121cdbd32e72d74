import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { form, video } from './form.ts';
import { postForm, postJson } from './post-jobs.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api?.close());

const session_id = '00000000-0000-4000-8000-000000000000';
const camera = 'rtsp://admin:hunter2hunter2@10.0.0.5/1';
const json = (kind: string, options: unknown) => () => postJson(api, coach, { session_id, kind, options });
const sent = (options: string) => () =>
  postForm(api, coach, form(['kind', 'technique'], ['options', options], ['file', video(), 'a.mp4']));

test.each<[string, () => ReturnType<typeof postForm>, string]>([
  ['an option', json('technique', { mode: camera }), 'options.mode'],
  [
    'an option within another',
    json('measurement', { reference: { kind: camera } }),
    'options.reference.kind',
  ],
  ['an option there is not', json('technique', { url: camera }), 'options.url'],
  ['the name of an option', json('technique', { thresholds: { [camera]: 1 } }), 'options.thresholds'],
  ['a form', sent(JSON.stringify({ mode: camera })), 'options.mode'],
  ['a form whose JSON is broken', sent(`{"mode": "${camera}" "}`), 'options'],
  ['a wrong word', json('technique', { mode: 'hunter2hunter2' }), 'options.mode'],
])('a credential in %s is a 422 that names the field, and is nowhere kept', async (_what, post, field) => {
  const { status, body } = await post();
  expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(api.logged()).not.toContain('hunter2');
  const rows = await api.database.em().getConnection().execute('SELECT options::text FROM analysis_jobs');
  expect(rows).toEqual([]);
  expect(await api.objects()).toEqual([]);
});

test('a body whose JSON is broken is not repeated', async () => {
  const answer = await fetch(`${api.url}/api/jobs`, {
    method: 'POST',
    headers: { ...coach.headers, 'content-type': 'application/json' },
    body: `{"kind": "technique", "options": {"mode": "${camera}" "x"}}`,
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).not.toContain('hunter2');
  expect(api.logged()).not.toContain('hunter2');
});
