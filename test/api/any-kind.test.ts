import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { kindRegistry } from '../../src/domain/kind-registry.ts';
import { kindApis } from '../../src/kinds/for-api.ts';
import { proof, proofKinds } from '../support/proof/definition.ts';
import { form, video } from './form.ts';
import { postForm, postJson } from './post-jobs.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

/** What the API does for a kind unlike those that ship: see `test/support/proof/definition.ts`. */

let api: RunningApi;
let coach: TestUser;
/** The names that the kind was asked to replace. */
const received: string[] = [];
beforeAll(async () => {
  api = await startApi({
    acceptedKinds: proofKinds,
    kindApis: {
      ...kindApis,
      proof: {
        description: 'What proves itself.',
        example: 'A proof needs no file.',
        result: z.strictObject({ proven: z.boolean() }),
        receive: ({ session_id, file_name }) => {
          received.push(file_name);
          return { file_name: `proof-${session_id.slice(0, 8)}.bin` };
        },
      },
    },
  });
  coach = await api.user();
});
afterAll(() => api.close());

const empty = () => new Blob([], { type: 'application/octet-stream' });

test('a job on a live source needs no upload: its session has no original', async () => {
  const { status, body: job } = await postJson(api, coach, {
    kind: 'proof',
    options: { url: 'rtsp://{secret:YARD}@camera.example/1' },
  });
  expect(status).toBe(202);
  expect(job).toMatchObject({ status: 'uploaded', phase: 'queued', file_name: 'a source of proof' });
  const { body: session } = await api.ask(coach, 'GET', `/api/sessions/${job.session_id}`);
  expect(session).toMatchObject({ media_type: null, bytes: null, sha256: null });
});

test('the same request with one key is one job, also on a live source', async () => {
  const body = JSON.stringify({ kind: 'proof' });
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'live-1' };
  const first = await api.ask(coach, 'POST', '/api/jobs', { body, headers });
  const again = await api.ask(coach, 'POST', '/api/jobs', { body, headers });
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.body.id).toBe(first.body.id);
});

test('credentials written into an address are a 422 that names the field and does not repeat them', async () => {
  const { status, body } = await postJson(api, coach, {
    kind: 'proof',
    options: { url: 'rtsp://admin:hunter2hunter2@camera.example/1' },
  });
  expect(status).toBe(422);
  expect(body.detail).toContain('options.url');
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect(api.logged()).not.toContain('hunter2');
});

test('a kind that reads files only needs one', async () => {
  const { status, body } = await postJson(api, coach, { kind: 'technique' });
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain('name exactly one of upload_id and session_id');
});

test('a session without a file is nothing for a kind that reads files', async () => {
  const { body: live } = await postJson(api, coach, { kind: 'proof' });
  const { status, body } = await postJson(api, coach, { kind: 'technique', session_id: live.session_id });
  expect(status).toBe(422);
  expect(body.detail).toContain('has no file, and a technique cannot read it');
});

test('a kind says whether it takes an empty file', async () => {
  const taken = await postForm(api, coach, form(['kind', 'proof'], ['file', empty(), 'empty.bin']));
  expect(taken.status).toBe(202);
  const refused = await postForm(api, coach, form(['kind', 'technique'], ['file', empty(), 'empty.mp4']));
  expect(refused.status).toBe(422);
  expect(refused.body.detail).toContain('"empty.mp4" is empty (0 bytes)');
});

test('a kind may keep a file by another name; the key has neither', async () => {
  const { body: job } = await postForm(
    api,
    coach,
    form(['kind', 'proof'], ['file', new Blob(['x']), 'Jane Doe 1970.bin']),
  );
  expect(job.file_name).toBe(`proof-${job.session_id.slice(0, 8)}.bin`);
  const objects = (await api.objects()).filter((key) => key.includes(job.session_id));
  expect(objects).toEqual([`originals/${coach.id}/${job.session_id}/original`]);
  expect(JSON.stringify(objects)).not.toContain('Jane');
  expect(received.filter((name) => name !== 'empty.bin')).toEqual(['Jane Doe 1970.bin']);
});

test('the document says what a kind is for and what its results hold', async () => {
  const { body: document } = await api.ask(null, 'GET', '/api/openapi.json');
  expect(document.tags).toContainEqual({ name: 'proof', description: 'What proves itself.' });
  expect(
    document.components.schemas.ProofResultInput ?? document.components.schemas.ProofResult,
  ).toMatchObject({
    properties: { proven: { type: 'boolean' } },
  });
  const { schema } = document.paths['/api/jobs/{id}/result'].get.responses[200].content['application/json'];
  const [name] = JSON.stringify(schema).match(/#\/components\/schemas\/ProofResult\w*/) ?? [];
  expect(document.components.schemas[name?.split('/').at(-1) as string]).toBeDefined();
  // A kind beside it says nothing of its results: those may be any object.
  expect(JSON.stringify(schema)).toMatch(/#\/components\/schemas\/OtherResult/);
});

test('an operator may have jobs of some kinds only', async () => {
  const only = await startApi({ acceptedKinds: kindRegistry([proof]) });
  try {
    const user = await only.user();
    const { status, body } = await postForm(
      only,
      user,
      form(['kind', 'technique'], ['file', video(), 'a.mp4']),
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('Known: proof.');
  } finally {
    await only.close();
  }
});
