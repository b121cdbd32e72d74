import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { zip } from '../support/media/late-types.ts';
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

/** A form up to the first byte of its file. */
const formHead = `--x\r\ncontent-disposition: form-data; name="kind"\r\n\r\ntechnique\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n`;

const post = (body: FormData) => postForm(api, coach, body);

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

test.each([
  ['a field', 'content-disposition: form-data\r\n\r\ntechnique'],
  ['a field with an empty name', 'content-disposition: form-data; name=""\r\n\r\ntechnique'],
  ['a file', 'content-disposition: form-data; filename="a.mp4"\r\n\r\nbytes'],
])('%s without a name is told to have one', async (_what, part) => {
  const answer = await api.ask(coach, 'POST', '/api/jobs', {
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: `--x\r\n${part}\r\n--x--\r\n`,
  });
  expect([answer.status, answer.body.detail]).toEqual([
    422,
    expect.stringMatching(/^A part of the form has no name/),
  ]);
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
  const answer = await postJson(api, coach, {
    session_id: randomUUID(),
    kind: 'technique',
    options: { speed: 2 },
  });
  expect([answer.status, answer.body.detail]).toEqual([
    422,
    expect.stringMatching(/^options\.speed: there is no such option; technique has mode, person/),
  ]);
});

test.each([
  ['neither upload nor session', {}, 422],
  ['both', { upload_id: randomUUID(), session_id: randomUUID() }, 422],
  ['an upload that is not there', { upload_id: randomUUID() }, 404],
  ['a session that is not there', { session_id: randomUUID() }, 404],
  ['an unknown field', { session_id: randomUUID(), speed: 1 }, 422],
])('JSON naming %s is refused', async (_what, named, status) => {
  expect((await postJson(api, coach, { kind: 'technique', ...named })).status).toBe(status);
});

test('an archive is refused before all of it has come', async () => {
  const headers = { ...coach.headers, 'content-type': 'multipart/form-data; boundary=x' };
  const outgoing = request(`${api.url}/api/jobs`, { method: 'POST', headers });
  outgoing.on('error', () => {});
  outgoing.write(formHead);
  outgoing.write(zip());
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect([answer.statusCode, await text(answer)]).toEqual([415, expect.stringContaining('application/zip')]);
  outgoing.destroy();
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
