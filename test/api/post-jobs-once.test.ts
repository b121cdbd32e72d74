import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { form, video } from './form.ts';
import { postForm } from './post-jobs.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let coach: TestUser;
beforeAll(async () => {
  api = await startApi();
  coach = await api.user();
});
afterAll(() => api.close());

const post = (body: FormData, headers = {}, user = coach) => postForm(api, user, body, headers);

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
