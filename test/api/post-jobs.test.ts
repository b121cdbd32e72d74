import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { form, squats, video } from './form.ts';
import { postForm, postJson } from './post-jobs.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api.close());

const post = (body: FormData) => postForm(api, coach, body);

test('a video becomes a queued job, its session and its object', async () => {
  const answer = await post(
    form(['kind', 'technique'], ['options', '{"mode":"quick"}'], ['file', video(), 'squats.mp4']),
  );
  expect(answer.status).toBe(202);
  const job = answer.body;
  expect(answer.headers.get('location')).toBe(`/api/jobs/${job.id}`);
  expect(job).toMatchObject({
    kind: 'technique',
    status: 'queued',
    phase: 'queued',
    user_id: coach.id,
    attempt: 1,
  });
  expect(job.options).toMatchObject({ mode: 'quick', front_side: 'auto' });
  expect(job.workflow_id).toBe(`technique-${job.id}`);
  expect(job.links).toMatchObject({
    analysis: `/api/coaches/plus/analysis-jobs/${job.id}`,
    workflow: `http://127.0.0.1:8233/namespaces/default/workflows/technique-${job.id}`,
  });

  const { body: session } = await api.ask(coach, 'GET', `/api/sessions/${job.session_id}`);
  const sha256 = createHash('sha256').update(squats).digest('hex');
  expect(session).toMatchObject({
    file_name: 'squats.mp4',
    media_type: 'video/mp4',
    bytes: squats.length,
    sha256,
  });
  expect(await api.objects()).toContain(`originals/${coach.id}/${job.session_id}/original`);
});

test('the file may come before the fields', async () => {
  const answer = await post(form(['file', video(), 'a.mp4'], ['options', '{}'], ['kind', 'technique']));
  expect(answer.status).toBe(202);
});

test('one more job on the same session', async () => {
  const { body: first } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const answer = await postJson(api, coach, {
    session_id: first.session_id,
    kind: 'technique',
    options: { mode: 'quick' },
  });
  expect(answer.status).toBe(202);
  expect(answer.body.session_id).toBe(first.session_id);
  expect(answer.body.id).not.toBe(first.id);
  const listed = await api.ask(coach, 'GET', `/api/jobs?session_id=${first.session_id}`);
  expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([answer.body.id, first.id]);
});

test('a re-analysis needs a deep job of the same session that succeeded', async () => {
  const { body: first } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const { body: elsewhere } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const again = (source_job_id: string) =>
    postJson(api, coach, { session_id: first.session_id, kind: 'technique', options: { source_job_id } });
  for (const [source, why] of [
    [first.id, 'queued'],
    [elsewhere.id, 'session'],
    [randomUUID(), 'no technique job'],
  ]) {
    const answer = await again(source);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].field).toBe('options.source_job_id');
    expect(answer.body.detail).toContain(why);
  }
  const at = { job_id: first.id, attempt: 1, why: 'test' };
  await transitionJob(api.database, { ...at, to: 'processing', stage: 'DEEP' });
  await transitionJob(api.database, { ...at, to: 'done', stage: 'DONE' });
  const answer = await again(first.id);
  expect([answer.status, answer.body.options.source_job_id]).toEqual([202, first.id]);
});

test('someone else’s session is not there', async () => {
  const { body: job } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const answer = await postJson(api, await api.user(), { session_id: job.session_id, kind: 'technique' });
  expect(answer.status).toBe(404);
});
