import { randomUUID } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { listJobs } from '../../src/database/jobs/list-jobs.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { findSession } from '../../src/database/sessions/find-session.ts';
import { artifactKey } from '../../src/domain/artifact.ts';
import type { Job } from '../../src/domain/job.ts';
import { isOpen } from '../../src/domain/phase.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { phone } from '../support/measurement/phone-photo.ts';
import { proofKinds } from '../support/proof/definition.ts';
import { readableEvent } from './support/readable-event.ts';
import { resetWorkflow } from './support/reset.ts';
import { type System, startSystem, type WorkerProcess } from './support/system.ts';

/** What the shared rooms do for a kind unlike those that ship: see `test/support/proof/definition.ts`. */

jest.setTimeout(120_000);

let system: System;
/** Whose workers ask for a proof before any other job. */
let careful: System;
let worker: WorkerProcess;
let folder: string;
const password = 'correct/horse@battery';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doubletake-test-proof-'));
  const secrets = join(folder, 'secrets');
  writeFileSync(secrets, `YARD=${password}\n`);
  chmodSync(secrets, 0o600);
  const kinds = { ...databaseKinds, definitions: proofKinds };
  system = await startSystem('any-kind', { kinds, program: 'test/support/proof/worker.ts' });
  worker = await system.startWorker({
    DOUBLETAKE_PROOF_GREETING: 'salve',
    DOUBLETAKE_SECRETS_FILE: secrets,
    DOUBLETAKE_KINDS: 'proof',
  });
  careful = await startSystem('proof-first', { kinds, program: 'test/support/proof/worker.ts' });
  await careful.startWorker({ DOUBLETAKE_PROOF_FIRST: 'on', DOUBLETAKE_KINDS: 'proof,measurement' });
});
afterAll(async () => {
  await Promise.all([system?.close(), careful?.close()]);
  await rm(folder, { recursive: true, force: true });
});

const file = { name: 'empty.bin', bytes: new Uint8Array(), media_type: 'application/octet-stream' };
const submit = (options: Record<string, unknown> = {}) => system.submitAs('proof', file, { options });
const ended = ({ job_id }: Job) => system.until(job_id, ({ phase }) => !isOpen(phase));
const open = ({ job_id }: Job) => system.store.put(`open/${job_id}`, 'x', { mediaType: 'text/plain' });
const trail = async ({ job_id }: Job) => (await listTransitions(system.database, job_id)).map(({ to }) => to);

/** How often each pass was taken, over all runs of the job's workflow; call `runsOf` first. */
async function passesTaken({ workflow_id }: Job): Promise<string[]> {
  const taken: string[] = [];
  for await (const { workflowId, runId } of system.client.workflow.list({
    query: `WorkflowId = '${workflow_id}'`,
  })) {
    const { events } = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
      if (scheduled?.activityType?.name !== 'takePass') continue;
      const [input] = scheduled.input?.payloads ?? [];
      taken.push(JSON.parse(Buffer.from(input?.data ?? []).toString()).pass);
    }
  }
  return taken.sort();
}

/** How the runs of the job's workflow closed, once Temporal's list shows that all did. */
async function runsOf({ workflow_id }: Job): Promise<string[]> {
  await system.client.workflow.getHandle(workflow_id).result();
  for (;;) {
    const statuses: string[] = [];
    const query = `WorkflowId = '${workflow_id}'`;
    for await (const { status } of system.client.workflow.list({ query })) statuses.push(status.name);
    if (!statuses.includes('RUNNING')) return statuses.sort();
    await sleep(100);
  }
}

test('three working statuses are entered one after the other, and the passes are promised', async () => {
  const job = await submit();
  expect(await ended(job)).toMatchObject({
    ...{ status: 'proven', phase: 'succeeded', stage: 'DONE', progress_pct: 100, result: { proven: true } },
  });
  expect(await trail(job)).toEqual(['uploaded', 'reading', 'weighing', 'writing', 'proven']);
  const note = await system.store.get(artifactKey(job.job_id, 'read', 'note.txt'));
  expect(note.toString()).toBe('salve');
});

test('a story that continues as new goes on in the next run, after what is finished', async () => {
  const job = await submit({ runs: 3 });
  expect(await ended(job)).toMatchObject({ status: 'proven', attempt: 1, error_message: null });
  expect(await runsOf(job)).toEqual(['COMPLETED', 'CONTINUED_AS_NEW', 'CONTINUED_AS_NEW']);
  expect(await passesTaken(job)).toEqual(['read', 'weigh', 'write']);
  expect(await trail(job)).not.toContain('failed');
});

test('a job that is reset in its second status goes on there', async () => {
  const job = await submit({ holds_in: 'weigh' });
  await system.until(job.job_id, ({ status }) => status === 'weighing');
  await resetWorkflow(system, job.workflow_id);
  await open(job);
  expect(await ended(job)).toMatchObject({ status: 'proven', attempt: 1 });
  // The first pass is finished and is not taken again; the second was under way and is.
  expect(await trail(job)).toEqual(['uploaded', 'reading', 'weighing', 'writing', 'proven']);
});

test('a job that is reset goes back to the status whose pass is no longer whole', async () => {
  const job = await submit({ holds_in: 'weigh' });
  await system.until(job.job_id, ({ status }) => status === 'weighing');
  await system.store.deleteKeys([artifactKey(job.job_id, 'read', 'note.txt')]);
  await resetWorkflow(system, job.workflow_id);
  await open(job);
  expect(await ended(job)).toMatchObject({ status: 'proven', attempt: 1 });
  expect(await trail(job)).toEqual([
    ...['uploaded', 'reading', 'weighing'],
    ...['reading', 'weighing', 'writing', 'proven'],
  ]);
});

test('a retry goes on from what the kind says is finished', async () => {
  const job = await submit({ fails_in: 'weigh' });
  expect(await ended(job)).toMatchObject({ status: 'failed', error_type: 'UnreadableMedia' });
  await retryJob(system.database, job.job_id, { by: 'coach-7' });
  system.relay.wake();
  await system.until(job.job_id, ({ attempt, phase }) => attempt === 2 && !isOpen(phase));
  expect(await system.job(job.job_id)).toMatchObject({ status: 'proven', attempt: 2 });
  expect(await trail(job)).toEqual([
    ...['uploaded', 'reading', 'weighing', 'failed'],
    ...['uploaded', 'weighing', 'writing', 'proven'],
  ]);
  await runsOf(job);
  expect(await passesTaken(job)).toEqual(['read', 'weigh', 'weigh', 'write']);
});

/** A job on a live source: its session has no original. */
async function submitLive(options: Record<string, unknown>): Promise<Job> {
  const nothing = { original_key: null, media_type: null, bytes: null, sha256: null };
  const { job } = await acceptJob(system.database, {
    session: { id: randomUUID(), user_id: 'owner-1', file_name: 'yard', ...nothing },
    job: { job_id: randomUUID(), user_id: 'owner-1', kind: 'proof', options },
  });
  system.relay.wake();
  return job;
}

test('a job without an upload runs, on the queue of live sources, and is deleted like any other', async () => {
  const job = await submitLive({ runs: 1, url: 'rtsp://camera.example/1' });
  expect(await ended(job)).toMatchObject({ status: 'proven', original_key: null });
  const { events } = await system.client.workflow.getHandle(job.workflow_id).fetchHistory();
  const queues = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name === 'openSource' ? scheduled.taskQueue?.name : [],
  );
  expect(queues).toEqual([`${system.taskQueue}-live`]);
  await requestDeletion(system.database, {
    target: 'session',
    id: job.session_id,
    by: 'owner-1',
    cancel: false,
  });
  system.relay.wake();
  while (await findSession(system.database, job.session_id, {})) await sleep(50);
  const rows = () => system.database.em().execute('SELECT 1 FROM sessions WHERE id = ?', [job.session_id]);
  while ((await rows()).length > 0) await sleep(50);
  for await (const { key } of system.store.list(`jobs/${job.job_id}/`)) throw new Error(`${key} is left`);
});

test('a secret that an option names is in no row, history, detail or log', async () => {
  const job = await submitLive({ runs: 1, url: 'rtsp://admin:{secret:YARD}@refuses.example/1' });
  const failed = await ended(job);
  expect(failed).toMatchObject({ status: 'failed', error_type: 'UnreadableMedia' });
  // What the message says of the address is kept but for the secret.
  expect(failed.error_message).toContain('refuses.example');
  const handle = system.client.workflow.getHandle(job.workflow_id);
  const seen = [
    JSON.stringify(failed),
    JSON.stringify(await listTransitions(system.database, job.job_id)),
    ...((await handle.fetchHistory()).events ?? []).map(readableEvent),
    readableEvent((await handle.describe()).raw),
    JSON.stringify(worker.lines),
  ].join('\n');
  for (const form of [password, encodeURIComponent(password), 'battery'])
    expect([form, seen.includes(form)]).toEqual([form, false]);
  expect(worker.lines.some(({ msg }) => msg.startsWith('opening rtsp://'))).toBe(true);
});

/** The job of a proof that came before this one. */
async function precedingOf({ session_id }: Job): Promise<Job[]> {
  const { items } = await listJobs(careful.database, { sessionId: session_id, kind: 'proof', limit: 10 });
  return items;
}

test('a kind can have a job of its own end before those of others begin, and the result says so', async () => {
  const { job_id } = await careful.submitAs('measurement', phone);
  const job = await careful.until(job_id, ({ phase }) => !isOpen(phase));
  expect(job).toMatchObject({ status: 'completed' });
  const [proof, ...more] = await precedingOf(job);
  expect(proof).toMatchObject({ status: 'proven', user_id: job.user_id });
  expect(more).toEqual([]);
  expect(job.result).toMatchObject({
    preceded_by: [{ kind: 'proof', job_id: proof?.job_id, note: 'the proof succeeded' }],
  });
  expect((await listTransitions(careful.database, job_id)).map(({ stage }) => stage)).toEqual([
    ...['QUEUED', 'MEASURING', 'PROOF', 'MEASURING', 'DONE'],
  ]);
  expect(await findSession(careful.database, job.session_id, {})).toMatchObject({ status: 'succeeded' });
  const { raw } = await careful.client.workflow.getHandle(proof?.workflow_id as string).describe();
  expect(raw.workflowExecutionInfo?.parentExecution?.workflowId).toBe(job.workflow_id);
});

test('what the preceding kind refuses is not begun, and a retry does not look again', async () => {
  const { job_id } = await careful.submitAs('measurement', { ...phone, name: 'refused.jpg' });
  const refused = { status: 'failed', error_type: 'UnsupportedMedia' };
  const job = await careful.until(job_id, ({ phase }) => !isOpen(phase));
  expect(job).toMatchObject({ ...refused, error_message: '"refused.jpg" did not pass the proof.' });
  // The proof succeeded; the session is told by the job that was asked for.
  expect(await findSession(careful.database, job.session_id, {})).toMatchObject({ status: 'failed' });
  await retryJob(careful.database, job_id, { by: 'coach-7' });
  careful.relay.wake();
  await careful.until(job_id, ({ attempt, phase }) => attempt === 2 && !isOpen(phase));
  expect(await careful.job(job_id)).toMatchObject(refused);
  expect(await precedingOf(job)).toMatchObject([{ status: 'proven', attempt: 1 }]);
  const { events } = await careful.client.workflow.getHandle(job.workflow_id).fetchHistory();
  expect(readableEvent(events)).not.toContain('measurePhotograph');
});

test('a job that waits for what precedes it, and is reset, waits on, and asks once', async () => {
  const { job_id } = await careful.submitAs('measurement', { ...phone, name: 'held.jpg' });
  const waiting = await careful.until(job_id, ({ stage }) => stage === 'PROOF');
  const [before] = await precedingOf(waiting);
  if (before) await careful.until(before.job_id, ({ phase }) => phase === 'running' || !isOpen(phase));
  await resetWorkflow(careful, waiting.workflow_id);
  const job = await careful.until(job_id, ({ phase }) => !isOpen(phase));
  expect(job).toMatchObject({ status: 'completed', attempt: 1 });
  const [proof, ...more] = await precedingOf(job);
  expect([proof?.status, proof?.attempt, more]).toEqual(['proven', 1, []]);
  expect(job.result).toMatchObject({ preceded_by: [{ kind: 'proof', job_id: proof?.job_id }] });
});
