import { createHash, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { moveJob } from '../../src/database/move-job.ts';
import { form, squats, video } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api.close());

/** A form up to the first byte of its file. */
const formHead = `--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ntechnique\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n`;

const post = (body: FormData, headers = {}, user = coach) =>
  api.ask(user, 'POST', '/api/jobs', { body, headers });
const postJson = (body: unknown, headers = {}, user = coach) =>
  api.ask(user, 'POST', '/api/jobs', {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

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
  expect(await api.objects()).toContain(`originals/${coach.id}/${job.session_id}/squats.mp4`);
});

test('the file may come before the fields', async () => {
  const answer = await post(form(['file', video(), 'a.mp4'], ['options', '{}'], ['kind', 'technique']));
  expect(answer.status).toBe(202);
});

test.each<[string, number, string | undefined, FormData]>([
  ['an unknown kind', 422, 'kind', form(['kind', 'tecnique'], ['file', video(), 'a.mp4'])],
  ['no kind', 422, 'kind', form(['file', video(), 'a.mp4'])],
  [
    'a wrong option',
    422,
    'options.mode',
    form(['kind', 'technique'], ['options', '{"mode":"slow"}'], ['file', video(), 'a.mp4']),
  ],
  [
    'a wrong option after the file',
    422,
    'options.mode',
    form(['kind', 'technique'], ['file', video(), 'a.mp4'], ['options', '{"mode":"slow"}']),
  ],
  [
    'an unknown option',
    422,
    'options.spede',
    form(['kind', 'technique'], ['options', '{"spede":1}'], ['file', video(), 'a.mp4']),
  ],
  [
    'options that are not JSON',
    422,
    'options',
    form(['kind', 'technique'], ['options', '{'], ['file', video(), 'a.mp4']),
  ],
  [
    'a re-analysis with a file',
    422,
    'options.source_job_id',
    form(
      ['kind', 'technique'],
      ['options', JSON.stringify({ source_job_id: randomUUID() })],
      ['file', video(), 'a.mp4'],
    ),
  ],
  ['an unknown field', 422, 'speed', form(['kind', 'technique'], ['speed', '1'], ['file', video(), 'a.mp4'])],
  ['no file', 422, 'file', form(['kind', 'technique'])],
  ['text where the file belongs', 422, 'file', form(['kind', 'technique'], ['file', 'squats.mp4'])],
  [
    'two files',
    422,
    'file',
    form(['kind', 'technique'], ['file', video(), 'a.mp4'], ['file', video(), 'b.mp4']),
  ],
  ['a file in another field', 422, 'video', form(['kind', 'technique'], ['video', video(), 'a.mp4'])],
  ['an empty file', 422, 'file', form(['kind', 'technique'], ['file', video(Buffer.alloc(0)), 'a.mp4'])],
  [
    'text called a.mp4',
    415,
    undefined,
    form(['kind', 'technique'], ['file', video(Buffer.from('Dear coach')), 'a.mp4']),
  ],
  [
    'text called a.mp4, before its kind',
    415,
    undefined,
    form(['file', video(Buffer.from('Dear coach')), 'a.mp4'], ['kind', 'technique']),
  ],
  [
    'a file over the limit',
    413,
    undefined,
    form(['kind', 'technique'], ['file', video(Buffer.concat([squats, Buffer.alloc(40_000_000)])), 'a.mp4']),
  ],
])('%s is a %d that says why, and leaves nothing behind', async (_what, status, field, body) => {
  const before = await api.objects();
  const answer = await post(body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body.detail.length).toBeGreaterThan(10);
  expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
  expect(answer.body.errors?.[0]?.field).toBe(field);
  expect(await api.objects()).toEqual(before);
});

test('a wrong type names what was found and what is accepted', async () => {
  const { body } = await post(
    form(['kind', 'technique'], ['file', video(Buffer.from('%PDF-1.7\n')), 'squats.mp4']),
  );
  expect(body.detail).toMatch(/"squats\.mp4".*application\/pdf.*video\/mp4/s);
});

test.each([
  ['broken JSON', 'application/json', '{"kind":', 400],
  ['nothing', undefined, undefined, 422],
  ['plain text', 'text/plain', 'kind=technique', 415],
  ['broken multipart', 'multipart/form-data; boundary=x', '--x\r\nContent-Disp', 400],
  [
    'multipart that ends within the file',
    'multipart/form-data; boundary=x',
    Buffer.concat([Buffer.from(formHead), squats]),
    400,
  ],
  ['multipart without a boundary', 'multipart/form-data', 'x', 400],
])('%s is a problem too', async (_what, type, body, status) => {
  const headers: Record<string, string> = type ? { 'content-type': type } : {};
  const answer = await fetch(`${api.url}/api/jobs`, {
    method: 'POST',
    body,
    headers: { ...headers, ...coach.headers },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.status).toBe(status);
});

test('a client that goes away in the middle of the file leaves nothing behind', async () => {
  const before = await api.objects();
  const headers = { ...coach.headers, 'content-type': 'multipart/form-data; boundary=x' };
  const outgoing = request(`${api.url}/api/jobs`, { method: 'POST', headers });
  outgoing.on('error', () => {});
  outgoing.write(formHead);
  outgoing.write(Buffer.concat([squats, Buffer.alloc(20_000_000)]), () =>
    setTimeout(() => outgoing.destroy(), 100),
  );
  await new Promise((resolve) => outgoing.once('close', resolve));
  for (let left = 50; left > 0 && !api.logged().includes('"status":400'); left--) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await api.objects()).toEqual(before);
});

test('the same request twice with one key is one job', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const body = () => form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  const first = await post(body(), key);
  const objects = await api.objects();
  const again = await post(body(), { 'idempotency-key': `"${key['idempotency-key']}"` });
  expect(again.status).toBe(202);
  expect(again.body.id).toBe(first.body.id);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await api.objects()).toEqual(objects);

  const other = await post(
    form(['kind', 'technique'], ['options', '{"mode":"quick"}'], ['file', video(), 'a.mp4']),
    key,
  );
  expect(other.status).toBe(422);
  expect(other.body.errors[0].field).toBe('Idempotency-Key');
  expect(await api.objects()).toEqual(objects);

  const someoneElse = await post(body(), key, await api.user());
  expect(someoneElse.body.id).not.toBe(first.body.id);
});

test('the same request at once with one key is one job and one object', async () => {
  const user = await api.user();
  const key = { 'idempotency-key': randomUUID() };
  const body = () => form(['kind', 'technique'], ['file', video(), 'a.mp4']);
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(body(), key, user)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(new Set(answers.map(({ body: job }) => job.id)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
  expect((await api.objects()).filter((key) => key.includes(user.id))).toHaveLength(1);
});

test('one more job on the same session', async () => {
  const { body: first } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const answer = await postJson({
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
    postJson({ session_id: first.session_id, kind: 'technique', options: { source_job_id } });
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
  await moveJob(api.database, { ...at, to: 'processing', stage: 'DEEP' });
  await moveJob(api.database, { ...at, to: 'done', stage: 'DONE' });
  const answer = await again(first.id);
  expect([answer.status, answer.body.options.source_job_id]).toEqual([202, first.id]);
});

test.each([
  ['neither upload nor session', {}, 422],
  ['both', { upload_id: randomUUID(), session_id: randomUUID() }, 422],
  ['an upload that is not there', { upload_id: randomUUID() }, 404],
  ['a session that is not there', { session_id: randomUUID() }, 404],
  ['an unknown field', { session_id: randomUUID(), speed: 1 }, 422],
])('JSON naming %s is refused', async (_what, named, status) => {
  expect((await postJson({ kind: 'technique', ...named })).status).toBe(status);
});

test('someone else’s session is not there', async () => {
  const { body: job } = await post(form(['kind', 'technique'], ['file', video(), 'a.mp4']));
  const answer = await postJson({ session_id: job.session_id, kind: 'technique' }, {}, await api.user());
  expect(answer.status).toBe(404);
});

test('a bare file as the body is told how to be sent', async () => {
  const answer = await fetch(`${api.url}/api/jobs`, {
    method: 'POST',
    headers: { ...coach.headers, 'content-type': 'video/mp4' },
    body: 'bytes',
  });
  expect(answer.status).toBe(415);
  expect(((await answer.json()) as { detail: string }).detail).toMatch(/video\/mp4.*as a form.*curl -F/);
});

test('an option there is not is answered with those there are', async () => {
  const answer = await postJson({ session_id: randomUUID(), kind: 'technique', options: { speed: 2 } });
  expect([answer.status, answer.body.detail]).toEqual([
    422,
    expect.stringMatching(/^options\.speed: there is no such option; technique has mode, person/),
  ]);
});
