import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { openAssist } from '../../src/database/assist/open-assist.ts';
import { recordAssistAnswer } from '../../src/database/assist/record-assist-answer.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../src/database/transaction.ts';
import type { Job } from '../../src/domain/job.ts';
import { askOf } from '../../src/kinds/measurement/answers/question.ts';
import type { Point } from '../../src/kinds/measurement/outcome.ts';
import { persistMeasurement } from '../../src/kinds/measurement/tables/persist-measurement.ts';
import { deliverAssist } from '../../src/relay/deliver-assist.ts';
import { dueAt, measured, measuringJob, version } from '../database/assist/waiting-job.ts';
import { step } from '../database/jobs.ts';
import { phone } from '../support/measurement/phone-photo.ts';
import { form } from './form.ts';
import { type RunningApi, startApi, type TestUser } from './running-api.ts';

let api: RunningApi;
let away: Connection;
let owner: TestUser;
let stranger: TestUser;
let operator: TestUser;
beforeAll(async () => {
  // Nothing listens there: Temporal is away.
  away = Connection.lazy({ address: '127.0.0.1:9' });
  const client = new Client({ connection: away });
  api = await startApi({
    assist: {
      deliver: (job, update, question) => deliverAssist(client, job, update, question, 500),
      assigned: async () => {},
    },
  });
  [owner, stranger, operator] = await Promise.all([
    api.user('user', 'coach-7'),
    api.user(),
    api.user('operator'),
  ]);
});
afterAll(async () => {
  await api?.close();
  await away?.close();
});

const corners: Point[] = [
  [200, 200],
  [500, 210],
  [490, 520],
  [190, 500],
];
const reasons = [{ code: 'no_reference' as const, message: 'No marker was found.' }];

/** As its workflow would leave it; no workflow is there. */
async function waitingJob(): Promise<Job> {
  const job = await measuringJob(api.database);
  const { width, height, ...object } = measured(1, 85);
  const unknown = { ...object, width: { ...width, value: null }, height: { ...height, value: null } };
  const stored = { ...version(job, 1, [unknown]), reasons };
  const move = { ...step(job), to: 'needs_assist', stage: 'ASSIST', why: 'no marker' };
  return transitionJob(api.database, move, async (tx) => {
    await persistMeasurement(tx, { ...stored, artifacts: [] });
    await openAssist(tx, { ...step(job), ask: askOf(stored, reasons, dueAt), due_at: dueAt });
  });
}

function post(user: TestUser, { job_id }: Job, body: unknown) {
  const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return api.ask(user, 'POST', `/api/jobs/${job_id}/assist`, init);
}

function assign(user: TestUser, { job_id }: Job, assignee: string | null) {
  const init = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ assignee }) };
  return api.ask(user, 'PATCH', `/api/jobs/${job_id}/assist`, init);
}

test('a photograph is accepted as a measurement, with its defaults filled in', async () => {
  const photograph = new File([phone.bytes], phone.name, { type: phone.media_type });
  const body = form(['kind', 'measurement'], ['file', photograph, phone.name]);
  const { status, body: job } = await api.ask(owner, 'POST', '/api/jobs', { body });
  expect(status).toBe(202);
  expect(job).toMatchObject({
    kind: 'measurement',
    status: 'queued',
    assist_due_at: null,
    options: { reference: { kind: 'aruco', dictionary: 'DICT_5X5_50', size_mm: 50 }, min_confidence: 0.7 },
    links: { analysis: `/api/analyses/${job.id}` },
  });
  const { body: analysis } = await api.ask(owner, 'GET', job.links.analysis);
  expect(analysis).toMatchObject({ version: null, measurements: [], assist: null });
});

test('whoever is to answer reads why, what is known, where to draw and until when', async () => {
  const job = await waitingJob();
  const { body } = await api.ask(owner, 'GET', `/api/jobs/${job.job_id}`);
  expect(body).toMatchObject({ phase: 'waiting', assist_due_at: dueAt.toISOString() });
  const { body: asked } = await api.ask(owner, 'GET', body.links.assist);
  expect(asked).toMatchObject({
    status: 'needs_assist',
    state: { due_at: dueAt.toISOString(), assignee: null, answered_by: null },
    ask: { reasons, needs_reference: true, image: { width: 4000, height: 3000 }, objects: [{ n: 1 }] },
    current: { version: 1, measurements: [{ n: 1, width: { value: null, pixel: 850 }, machine: null }] },
  });
  expect(asked.current.images.original.url).toMatch(/^http.*X-Amz-Signature=/);
  const { body: analysis } = await api.ask(owner, 'GET', `/api/analyses/${job.job_id}`);
  expect(analysis).toMatchObject({ status: 'needs_assist', reasons, completed_at: null });
  expect((await api.ask(owner, 'GET', `/api/jobs/${job.job_id}/result`)).status).toBe(409);
});

test('the document shows what each kind takes for an answer', async () => {
  const { body: document } = await api.ask(owner, 'GET', '/api/openapi.json');
  const { schema } = document.paths['/api/jobs/{id}/assist'].post.requestBody.content['application/json'];
  expect(schema.anyOf).toEqual([{ $ref: '#/components/schemas/MeasurementAnswerInput' }]);
  expect(Object.keys(schema.properties)).toEqual(['attempt', 'question']);
  const { properties } = document.components.schemas.MeasurementAnswerInput;
  expect(Object.keys(properties)).toEqual(['reference_corners', 'size_mm', 'outlines', 'values', 'note']);
});

test('what cannot be is a 422 with the reason, before anybody is told', async () => {
  const job = await waitingJob();
  for (const [answer, reason] of [
    [{}, /Nothing was put right/],
    [{ reference_corners: corners.slice(1) }, /reference_corners/],
    [{ corners }, /corners/],
    [{ reference_corners: corners.map(([x, y]) => [x + 9000, y]) }, /outside the image of 4000 × 3000/],
    [{ values: [{ n: 1, width_mm: -1, height_mm: 2 }] }, /more than 0/],
    [{ values: [{ n: 2, width_mm: 1 }] }, /no object 2/],
    [{ reference_corners: corners, note: 'a\0b' }, /note: has what cannot be kept/],
    [{ reference_corners: corners, note: '\ud83d' }, /note: has what cannot be kept/],
  ] as const) {
    const { status, body } = await post(owner, job, answer);
    const named = /^(\w+): /.exec(body.detail)?.[1] ?? 'answer';
    expect(body.errors).toEqual([expect.objectContaining({ field: expect.stringMatching(`^${named}`) })]);
    expect([answer, status, body.detail]).toEqual([answer, 422, expect.stringMatching(reason)]);
  }
  expect(await findJob(api.database, job.job_id)).toEqual(job);
});

test('while Temporal is away nothing is lost and nothing accepted: 503, and try again', async () => {
  const { status, body, headers } = await post(owner, await waitingJob(), { reference_corners: corners });
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(body.detail).toMatch(/same answer counts once/);
});

test('a job that waits for nobody takes no answer', async () => {
  const job = await waitingJob();
  await transitionJob(api.database, { ...step(job), to: 'canceled', stage: 'ASSIST', why: 'enough' });
  const { status, body } = await post(owner, job, { reference_corners: corners });
  expect([status, body.detail]).toEqual([409, expect.stringMatching(/it is canceled/)]);
  const technique = form(['kind', 'measurement'], ['file', new Blob([phone.bytes]), 'a.jpg']);
  const { body: queued } = await api.ask(owner, 'POST', '/api/jobs', { body: technique });
  expect((await api.ask(owner, 'GET', `/api/jobs/${queued.id}/assist`)).status).toBe(404);
});

test('after an answer the same is answered as it was, another is told who was first', async () => {
  const job = await waitingJob();
  const cut: Point[] = [[0, 210], ...corners.slice(1)];
  const answer = { reference_corners: cut, note: 'seen from above' };
  const at = new Date('2026-01-02T03:04:05Z');
  await inTransaction(api.database, 'an answer', async (tx) => {
    await recordAssistAnswer(tx, { ...step(job), question: 1, answer, by: owner.id, at });
  });
  const again = await post(owner, job, { note: 'seen from above', reference_corners: cut });
  expect(again.body).toMatchObject({ accepted_by: owner.id, accepted_at: at.toISOString() });
  const { body: withMinus } = await api.ask(owner, 'POST', `/api/jobs/${job.job_id}/assist`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answer).replace('[[0,', '[[-0,'),
  });
  expect(withMinus).toMatchObject({ accepted_at: at.toISOString() });
  const other = await post(operator, job, answer);
  expect([other.status, other.body.detail]).toEqual([
    409,
    expect.stringContaining(`${owner.id} answered first, at 2026-01-02T03:04:05`),
  ]);
  expect((await assign(operator, job, 'lab-1')).status).toBe(409);
});

test('an operator asks somebody by name, who may then read and answer, and nobody else', async () => {
  const job = await waitingJob();
  const paths = ['', '/assist', '/artifacts', '/transitions'].map((path) => `/api/jobs/${job.job_id}${path}`);
  paths.push(`/api/analyses/${job.job_id}`);
  const seenBy = async (user: TestUser) =>
    Promise.all(paths.map(async (path) => (await api.ask(user, 'GET', path)).status));
  expect(await seenBy(stranger)).toEqual(paths.map(() => 404));
  expect((await assign(owner, job, stranger.id)).status).toBe(403);
  expect((await assign(operator, job, 'lab\0')).status).toBe(422);
  const { status, body } = await assign(operator, job, stranger.id);
  expect([status, body.assignee]).toEqual([200, stranger.id]);
  expect(await seenBy(stranger)).toEqual(paths.map(() => 200));
  expect((await post(stranger, job, {})).status).toBe(422);
  expect((await api.ask(stranger, 'POST', `/api/jobs/${job.job_id}/cancel`)).status).toBe(404);
  await assign(operator, job, null);
  expect(await seenBy(stranger)).toEqual(paths.map(() => 404));
  expect((await post(stranger, job, { reference_corners: corners })).status).toBe(404);
});

test('who says to which question and attempt it is, is answered about that one, also when another is asked by now', async () => {
  const job = await waitingJob();
  const answer = { reference_corners: corners, note: 'to the first' };
  const at = new Date('2026-01-02T03:04:05Z');
  await inTransaction(api.database, 'an answer', async (tx) => {
    await recordAssistAnswer(tx, { ...step(job), question: 1, answer, by: owner.id, at });
    await openAssist(tx, { ...step(job), ask: askOf(version(job, 2), reasons, dueAt), due_at: dueAt });
  });
  const { body: asked } = await api.ask(owner, 'GET', `/api/jobs/${job.job_id}/assist`);
  expect(asked.state).toMatchObject({ attempt: 1, question: 2, answered_at: null });
  const first = await post(owner, job, { ...answer, attempt: 1, question: 1 });
  expect([first.status, first.body.accepted_at]).toEqual([200, at.toISOString()]);
  const late = await post(owner, job, { size_mm: 60, attempt: 1, question: 1 });
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('answered first')]);
  const stale = [{ attempt: 1, question: 3 }, { attempt: 2 }];
  for (const to of stale) {
    const { status, body } = await post(owner, job, { ...answer, ...to });
    expect([to, status, body.detail]).toEqual([
      to,
      409,
      expect.stringContaining('asks question 2 of attempt 1. Read it first.'),
    ]);
  }
  const outlines = [{ n: 1, points: corners }];
  expect((await post(owner, job, { ...answer, outlines, attempt: 1, question: 2 })).status).toBe(503);
});

test('after a retry it speaks of the new attempt: what was answered before is no answer to it', async () => {
  const job = await waitingJob();
  const answer = { reference_corners: corners };
  await inTransaction(api.database, 'an answer', async (tx) => {
    await recordAssistAnswer(tx, { ...step(job), question: 1, answer, by: operator.id, at: new Date() });
  });
  await transitionJob(api.database, { ...step(job), to: 'failed', stage: 'FAILED', why: 'S3 refused' });
  const again = await retryJob(api.database, job.job_id, { by: owner.id });
  const early = await post(owner, again, answer);
  expect([early.status, early.body.detail]).toEqual([409, expect.stringContaining('it is queued')]);
  const paths = [`/api/jobs/${job.job_id}/assist`, `/api/analyses/${job.job_id}`];
  const [asked, analysis] = await Promise.all(paths.map((path) => api.ask(owner, 'GET', path)));
  expect([asked?.status, analysis?.body.assist]).toEqual([404, null]);

  await transitionJob(api.database, { ...step(again), to: 'processing', stage: 'MEASURING', why: 'at work' });
  await transitionJob(
    api.database,
    { ...step(again), to: 'needs_assist', stage: 'ASSIST', why: 'no marker' },
    async (tx) => {
      const stored = version(job, 1);
      await openAssist(tx, { ...step(again), ask: askOf(stored, reasons, dueAt), due_at: dueAt });
    },
  );
  // Nobody has answered first; it is Temporal that is away.
  const outlines = [{ n: 1, points: corners }];
  expect((await post(owner, again, { ...answer, outlines })).status).toBe(503);
});
