import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Upload, type UploadOptions } from 'tus-js-client';
import { kindRegistry } from '../../src/domain/kind-registry.ts';
import { measurement } from '../../src/domain/kinds/measurement.ts';
import { technique } from '../../src/domain/kinds/technique.ts';
import * as late from '../support/media/late-types.ts';
import { form, squats } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';
import { beginUpload, creation, piece, tus } from './tus-requests.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  // Another kind may take any file, and an upload does not say which kind it is for.
  api = await startApi({ acceptedKinds: kindRegistry([technique, measurement]) });
  coach = await api.user();
});
afterAll(() => api.close());

/** Uploads with the protocol's own client. @returns the upload's URL */
function upload(data: Buffer, options: Partial<UploadOptions> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const one = new Upload(data as never, {
      endpoint: `${api.url}/api/uploads`,
      headers: coach.headers,
      metadata: { filename: 'squats.mp4' },
      retryDelays: [],
      onError: reject,
      onSuccess: () => resolve(new URL(one.url as string).pathname),
      ...options,
    });
    one.start();
  });
}

const begin = (bytes: number, user = coach) => beginUpload(api, user, bytes);

const send = (path: string, bytes: Buffer, offset: number, user = coach) =>
  api.ask(user, 'PATCH', path, {
    headers: { ...piece, 'upload-offset': String(offset) },
    body: new Uint8Array(bytes),
  });

const accept = (path: string, headers = {}, kind = 'technique') =>
  api.ask(coach, 'POST', '/api/jobs', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ upload_id: path.split('/').at(-1), kind }),
  });

test.each<[string, Partial<UploadOptions>]>([
  ['one request after its creation', {}],
  ['many requests', { chunkSize: 100_000 }],
  ['its creation', { uploadDataDuringCreation: true }],
])('a video sent with %s becomes a job', async (_how, options) => {
  const path = await upload(squats, options);
  const { body: found } = await api.ask(coach, 'GET', path);
  expect(found).toMatchObject({
    file_name: 'squats.mp4',
    bytes: squats.length,
    media_type: 'video/mp4',
    session_id: null,
  });

  const answer = await accept(path);
  expect(answer.status).toBe(202);
  const { body: session } = await api.ask(coach, 'GET', `/api/sessions/${answer.body.session_id}`);
  expect(session).toMatchObject({ file_name: 'squats.mp4', media_type: 'video/mp4', bytes: squats.length });
  const key = `originals/${coach.id}/${session.id}/original`;
  expect((await api.objects()).filter((one) => one.startsWith(key))).toEqual([key]);
  expect((await api.store.get(key)).equals(squats)).toBe(true);
});

test('five requests at once for one upload are one job; with one key all five are told of it', async () => {
  const bare = await upload(squats);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => accept(bare)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409]);
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body.detail).toContain('for one more job on it send {"session_id"');

  const keyed = await upload(squats);
  const key = { 'idempotency-key': randomUUID() };
  const same = await Promise.all([1, 2, 3, 4, 5].map(() => accept(keyed, key)));
  expect(same.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(new Set(same.map(({ body }) => body.id)).size).toBe(1);
  expect(same.filter(({ headers }) => headers.has('idempotency-replayed'))).toHaveLength(4);
});

test('one upload is one session; a repeated request with its key is the same job', async () => {
  const path = await upload(squats);
  const key = { 'idempotency-key': randomUUID() };
  const first = await accept(path, key);
  const again = await accept(path, key);
  expect(again.status).toBe(202);
  expect(again.body.id).toBe(first.body.id);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const other = await accept(path);
  expect(other.status).toBe(409);
  expect(other.body.detail).toContain(first.body.session_id);
});

test('an upload cut in the middle goes on where it was', async () => {
  const whole = Buffer.concat([squats, Buffer.alloc(12_000_000 - squats.length, 7)]);
  const path = await begin(whole.length);
  const headers = {
    ...coach.headers,
    ...piece,
    'upload-offset': '0',
    'content-length': String(whole.length),
  };
  const outgoing = request(api.url + path, { method: 'PATCH', headers });
  outgoing.on('error', () => {});
  outgoing.write(whole.subarray(0, 9_500_000), () => setTimeout(() => outgoing.destroy(), 300));
  await new Promise((resolve) => outgoing.once('close', resolve));

  const asked = await api.ask(coach, 'HEAD', path, { headers: tus });
  const offset = Number(asked.headers.get('upload-offset'));
  expect(asked.headers.get('upload-length')).toBe(String(whole.length));
  expect(offset).toBeGreaterThanOrEqual(8 * 1024 * 1024);
  expect(offset).toBeLessThan(whole.length);
  expect((await accept(path)).status).toBe(409);

  expect((await send(path, whole.subarray(offset), offset)).status).toBe(204);
  const answer = await accept(path);
  expect(answer.status).toBe(202);
  const stored = await api.store.get(`originals/${coach.id}/${answer.body.session_id}/original`);
  expect(stored.equals(whole)).toBe(true);
});

test('a finished upload says so to whoever asks where to go on', async () => {
  const path = await upload(squats);
  const asked = await api.ask(coach, 'HEAD', path, { headers: tus });
  expect(asked.status).toBe(200);
  expect(asked.headers.get('upload-offset')).toBe(String(squats.length));
  expect(asked.headers.get('cache-control')).toBe('no-store');
});

/** By form, or by tus and then JSON. @returns the answer that refuses the file, or makes it a job */
async function analyse(file: Buffer, how: 'form' | 'tus') {
  if (how === 'form') {
    return api.ask(coach, 'POST', '/api/jobs', {
      body: form(['kind', 'measurement'], ['file', new Blob([new Uint8Array(file)]), 'squats.mp4']),
    });
  }
  const path = await begin(file.length);
  const sent = await send(path, file, 0);
  if (sent.status !== 204) {
    expect((await api.ask(coach, 'GET', path)).status).toBe(404);
    return sent;
  }
  return accept(path, {}, 'measurement');
}

describe.each(['form', 'tus'] as const)('by %s', (how) => {
  test.each([
    ['a TIFF with its directory at its end', late.tiff(), 'image/tiff'],
    ['a PNG with a large profile', late.png(), 'image/png'],
  ])('%s is taken for what it is', async (_what, file, media_type) => {
    const { status, body } = await analyse(file, how);
    expect(status).toBe(202);
    const session = await api.ask(coach, 'GET', `/api/sessions/${body.session_id}`);
    expect(session.body).toMatchObject({ media_type, bytes: file.length });
  });

  test.each([
    ['a camera’s raw picture, which begins as a TIFF', late.dng(), 'are image/x-adobe-dng'],
    ['a TIFF without its end', late.tiff().subarray(0, 200_000), 'of no type we know'],
    [
      'a document with a film in it',
      late.zip({ isDocument: true }),
      '(are application/zip|wordprocessingml)',
    ],
  ])('%s is refused and leaves nothing behind', async (_what, file, words) => {
    const before = await api.objects();
    const { status, body } = await analyse(file, how);
    expect([status, body.detail]).toEqual([415, expect.stringMatching(words)]);
    expect(await api.objects()).toEqual(before);
  });
});

test.each([
  ['text named squats.mp4', Buffer.from('Dear coach, '.repeat(100)), 415],
  ['an empty file', Buffer.alloc(0), 422],
  ['a file over the limit', Buffer.alloc(40_000_001), 413],
])('%s is refused and leaves nothing behind', async (_what, data, status) => {
  const before = await api.objects();
  const refused = upload(data, { onShouldRetry: () => false });
  await expect(refused).rejects.toMatchObject({ originalResponse: expect.anything() });
  const answer = await refused.catch(({ originalResponse }) => originalResponse);
  expect(answer.getStatus()).toBe(status);
  const problem = JSON.parse(answer.getBody());
  expect(problem.detail).toContain('squats.mp4');
  expect(await api.objects()).toEqual(before);
});

test('bytes at the wrong place, too many of them, or without tus are refused by name', async () => {
  const path = await begin(squats.length);
  expect((await send(path, squats, 5)).status).toBe(409);
  const tooMany = await send(path, Buffer.concat([squats, Buffer.alloc(10)]), 0);
  expect([tooMany.status, tooMany.body.detail]).toEqual([
    413,
    expect.stringMatching(`sends more than was announced.*"squats.mp4" has ${squats.length} bytes`),
  ]);
  const atOnce = await api.ask(coach, 'POST', '/api/uploads', {
    headers: { ...creation(5), 'content-type': piece['content-type'] },
    body: new Uint8Array(squats),
  });
  expect([atOnce.status, atOnce.body.detail]).toEqual([
    413,
    expect.stringMatching(/sends more than was announced.*"squats.mp4" has 5 bytes/),
  ]);
  expect(
    (await api.ask(coach, 'PATCH', path, { headers: { 'content-type': piece['content-type'] } })).status,
  ).toBe(412);
  expect((await api.ask(coach, 'POST', '/api/uploads', { headers: { 'upload-length': '5' } })).status).toBe(
    412,
  );
  expect(
    (await api.ask(coach, 'POST', '/api/uploads', { headers: { ...tus, 'upload-defer-length': '1' } }))
      .status,
  ).toBe(501);
});

test('someone else’s upload is not there', async () => {
  const path = await begin(squats.length);
  const other = await api.user();
  expect((await api.ask(other, 'HEAD', path, { headers: tus })).status).toBe(404);
  expect((await send(path, squats, 0, other)).status).toBe(404);
  expect((await api.ask(other, 'DELETE', path, { headers: tus })).status).toBe(404);
  expect((await api.ask(other, 'GET', path)).status).toBe(404);
  expect((await send(path, squats, 0)).status).toBe(204);
});

test('an upload can be given up until a job has used it', async () => {
  const before = await api.objects();
  const give = async (path: string) => (await api.ask(coach, 'DELETE', path, { headers: tus })).status;
  const path = await begin(squats.length);
  await send(path, squats.subarray(0, 1000), 0);
  expect(await give(path)).toBe(204);
  expect((await api.ask(coach, 'HEAD', path, { headers: tus })).status).toBe(404);
  const finished = await upload(squats);
  expect((await send(finished, squats, 0)).status).toBe(409);
  expect(await give(finished)).toBe(204);
  expect(await api.objects()).toEqual(before);
  const used = await upload(squats);
  await accept(used);
  expect(await give(used)).toBe(409);
});

test('a finished object whose row was not written is finished by whoever asks next', async () => {
  for (const ask of [
    (path: string) => api.ask(coach, 'HEAD', path, { headers: tus }),
    (path: string) => accept(path),
  ]) {
    const path = await begin(squats.length);
    const id = path.split('/').at(-1);
    const info = `originals/${coach.id}/${id}/original.info`;
    const [known, head] = [await api.store.get(info), await api.store.head(info)];
    await send(path, squats, 0);
    // As after a crash between the last byte in storage and the row.
    const unwrite = 'UPDATE uploads SET completed_at = NULL, media_type = NULL WHERE id = ?';
    await api.database.em().execute(unwrite, [id]);
    await api.store.put(info, known, { mediaType: 'application/json', metadata: head?.metadata });
    expect((await api.ask(coach, 'GET', path)).body.completed_at).toBeNull();
    expect([200, 202]).toContain((await ask(path)).status);
    expect((await api.ask(coach, 'GET', path)).body.media_type).toBe('video/mp4');
  }
});

test('what of tus is offered can be asked without a token', async () => {
  const answer = await api.ask(null, 'OPTIONS', '/api/uploads');
  expect(answer.status).toBe(204);
  expect(answer.headers.get('tus-version')).toBe('1.0.0');
  expect(answer.headers.get('tus-max-size')).toBe('40000000');
  expect(answer.headers.get('tus-extension')).toBe('creation,creation-with-upload,termination,expiration');
  expect(answer.headers.get('access-control-expose-headers')).toContain('Upload-Offset');
});
