import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { acceptJob } from '../../src/database/accept-job.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { findJob } from '../../src/database/find-job.ts';
import { listWebhookEvents } from '../../src/database/list-webhook-events.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { moveJob } from '../../src/database/move-job.ts';
import { requestCancel } from '../../src/database/request-cancel.ts';
import { requestDeletion } from '../../src/database/request-deletion.ts';
import { retryJob } from '../../src/database/retry-job.ts';
import { undispatchedDeletions } from '../../src/database/undispatched-deletions.ts';
import { undispatchedWebhooks } from '../../src/database/undispatched-webhooks.ts';
import type { Job } from '../../src/domain/job.ts';
import { webhookWorkflowId } from '../../src/domain/webhook.ts';
import { databaseOutbox } from '../../src/relay/database-outbox.ts';
import { openRelay, type Relay } from '../../src/relay/relay.ts';
import {
  createTestDatabase,
  startOwnServers,
  type ThrowawayServers,
  testTaskQueue,
} from '../support/servers.ts';

let servers: ThrowawayServers;
let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
let database: Database;
let connection: Connection;
let client: Client;
const taskQueue = testTaskQueue('relay');
const open: Relay[] = [];

beforeAll(async () => {
  // Temporal of its own, to be stopped; nobody else's workflows are in its way.
  servers = await startOwnServers();
  testDatabase = await createTestDatabase();
  database = await openDatabase(testDatabase.url);
  await migrateUp(database);
  connection = Connection.lazy({ address: servers.temporal.address() });
  client = new Client({ connection });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((relay) => relay.close()));
});
afterAll(async () => {
  await connection.close();
  await database.close();
  await testDatabase.drop();
  await servers.stop();
});

function relay() {
  const said: string[] = [];
  const say = (_fields: object, message: string) => void said.push(message);
  const one = openRelay({
    outbox: databaseOutbox(database),
    client,
    taskQueue,
    log: { info: say, warn: say, error: say },
    pollMs: 100,
  });
  open.push(one);
  return Object.assign(one, { said });
}

async function accepted(
  user_id = 'coach-7',
  file_name = 'squats.mp4',
  webhook?: { url: string },
): Promise<Job> {
  const id = randomUUID();
  const { job } = await acceptJob(database, {
    session: {
      ...{ id, user_id, file_name, original_key: `originals/${id}`, media_type: 'video/mp4' },
      ...{ bytes: 1, sha256: null },
    },
    job: { job_id: randomUUID(), user_id, kind: 'technique', options: { mode: 'quick' }, webhook },
  });
  return job;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (await what().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('It did not happen within 20 s.');
}

const dispatched = ({ job_id }: Job) =>
  until(async () => (await findJob(database, job_id))?.dispatched_at != null);
const runsOf = async ({ workflow_id }: Pick<Job, 'workflow_id'>) => {
  const runs = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = "${workflow_id}"` })) runs.push(run);
  return runs;
};

test('an accepted job’s workflow starts, told so that operators find it', async () => {
  const job = await accepted('coach-7', 'squats [1].mp4');
  relay();
  await dispatched(job);
  const found = await client.workflow.getHandle(job.workflow_id).describe();
  expect(found.type).toBe('technique');
  expect(found.taskQueue).toBe(taskQueue);
  expect(await found.staticSummary()).toBe('technique · squats [1].mp4 · coach-7');
  expect(await found.staticDetails()).toContain('squats \\[1\\].mp4');
  const attributes = Object.fromEntries(
    found.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
  expect(attributes).toEqual({
    ...{ Kind: 'technique', Status: 'queued', Stage: 'QUEUED', UserId: 'coach-7' },
    SessionId: job.session_id,
  });
});

test('the workflow is handed what it needs and nothing else', async () => {
  const job = await accepted();
  relay();
  await dispatched(job);
  const { events } = await client.workflow.getHandle(job.workflow_id).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toEqual({
    ...{ job_id: job.job_id, kind: 'technique', attempt: 1, session_id: job.session_id, user_id: 'coach-7' },
    ...{ file_name: 'squats.mp4', options: { mode: 'quick' } },
  });
});

test('several relays on one database start each job once', async () => {
  const jobs = await Promise.all(Array.from({ length: 20 }, () => accepted()));
  relay();
  relay();
  relay();
  for (const job of jobs) await dispatched(job);
  await sleep(300);
  for (const job of jobs) expect(await runsOf(job)).toHaveLength(1);
});

test('a relay that died between the start and the row changes nothing', async () => {
  const job = await accepted();
  relay();
  await dispatched(job);
  const unmark = 'UPDATE analysis_jobs SET dispatched_at = NULL WHERE job_id = ?';
  await database.em().execute(unmark, [job.job_id]);
  await dispatched(job);
  expect(await runsOf(job)).toHaveLength(1);
  // Also when the workflow has ended meanwhile.
  await client.workflow.getHandle(job.workflow_id).terminate();
  await database.em().execute(unmark, [job.job_id]);
  await dispatched(job);
  expect(await runsOf(job)).toHaveLength(1);
});

test('a retry is a new run under the same id, once the run before has ended', async () => {
  const job = await accepted();
  relay();
  await dispatched(job);
  const at = { job_id: job.job_id, attempt: 1, why: 'test' };
  await moveJob(database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
  await retryJob(database, job.job_id, { by: 'coach-7' });
  await sleep(500);
  expect((await findJob(database, job.job_id))?.dispatched_at).toBeNull();
  await client.workflow.getHandle(job.workflow_id).terminate();
  await dispatched(job);
  expect(await runsOf(job)).toHaveLength(2);
  const latest = await client.workflow.getHandle(job.workflow_id).describe();
  expect([latest.status.name, latest.memo?.attempt]).toEqual(['RUNNING', 2]);
});

test('a relay that died between a retry’s start and the row does not start it twice, also when it has ended', async () => {
  const job = await accepted();
  const one = relay();
  await dispatched(job);
  await client.workflow.getHandle(job.workflow_id).terminate();
  const at = { job_id: job.job_id, attempt: 1, why: 'test' };
  await moveJob(database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
  await retryJob(database, job.job_id, { by: 'coach-7' });
  one.wake();
  await dispatched(job);
  await client.workflow.getHandle(job.workflow_id).terminate();
  await database.em().execute('UPDATE analysis_jobs SET dispatched_at = NULL WHERE job_id = ?', [job.job_id]);
  one.wake();
  await dispatched(job);
  expect(await runsOf(job)).toHaveLength(2);
});

test('retries that wait for the run before them, however many, keep no new job from its start', async () => {
  relay();
  const waiting = await Promise.all(Array.from({ length: 20 }, () => accepted()));
  for (const job of waiting) {
    await dispatched(job);
    const at = { job_id: job.job_id, attempt: 1, why: 'test' };
    await moveJob(database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
    await retryJob(database, job.job_id, { by: 'coach-7' });
  }
  await dispatched(await accepted());
  for (const job of waiting) await client.workflow.getHandle(job.workflow_id).terminate();
  for (const job of waiting) await dispatched(job);
});

test('a cancellation reaches the workflow; one that is gone is no obstacle', async () => {
  const [running, gone] = [await accepted(), await accepted()];
  relay();
  await dispatched(running);
  await dispatched(gone);
  await client.workflow.getHandle(gone.workflow_id).terminate();
  for (const { job_id } of [running, gone])
    await requestCancel(database, job_id, { by: 'coach-7', why: 'test' });
  await until(async () => {
    const { events } = await client.workflow.getHandle(running.workflow_id).fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? false;
  });
  await until(async () => (await databaseOutbox(database).cancelRequests(10)).length === 0);
});

test('a deletion starts its workflow once', async () => {
  const job = await accepted();
  const one = relay();
  await dispatched(job);
  const { id } = await requestDeletion(database, {
    target: 'job',
    id: job.job_id,
    by: 'coach-7',
    cancel: true,
  });
  one.wake();
  await until(async () => (await undispatchedDeletions(database, 10)).length === 0);
  const found = await client.workflow.getHandle(`deletion-${id}`).describe();
  expect([found.type, found.taskQueue]).toEqual(['deletion', taskQueue]);
});

/** A job that was canceled, and the workflow that is to tell its webhook so. */
async function canceledAndTold(): Promise<string> {
  const { job_id } = await accepted('coach-7', 'squats.mp4', { url: 'https://example.org/told' });
  // As its workflow would write it down, so that only the webhook is left to be told.
  await moveJob(database, { job_id, attempt: 1, to: 'canceled', stage: 'QUEUED', why: 'test' });
  const [event] = await listWebhookEvents(database, job_id);
  return webhookWorkflowId(event?.id as string);
}
const webhooksTold = () => until(async () => (await undispatchedWebhooks(database, 10)).length === 0);

test('what is told of a job is one delivery, however many relays there are, and knows the event alone', async () => {
  const told = await Promise.all(Array.from({ length: 10 }, canceledAndTold));
  relay();
  relay();
  await webhooksTold();
  await sleep(300);
  for (const workflow_id of told) {
    const [run, ...others] = await runsOf({ workflow_id });
    expect([run?.type, run?.taskQueue, others]).toEqual(['webhook', taskQueue, []]);
  }
  const [workflowId] = told as [string];
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toEqual({
    event_id: workflowId.replace('webhook-', ''),
  });
});

test('a job that cannot be told does not hold up the others', async () => {
  const poison = await accepted();
  const setKind = 'UPDATE analysis_jobs SET kind = ? WHERE job_id = ?';
  await database.em().execute(setKind, ['of another version', poison.job_id]);
  const job = await accepted();
  const one = relay();
  await dispatched(job);
  await until(async () => one.said.some((line) => line.includes('could not tell')));
  await database.em().execute(setKind, ['technique', poison.job_id]);
  await dispatched(poison);
  expect(one.said.filter((line) => line.includes('could not tell'))).toHaveLength(1);
});

test('jobs accepted while Temporal is down start when it is back, and the outage is told once', async () => {
  const one = relay();
  await servers.temporal.stop();
  const jobs = [await accepted(), await accepted(), await accepted()];
  await until(async () => one.away);
  const told = await canceledAndTold();
  await sleep(3000);
  expect(await undispatchedWebhooks(database, 10)).toHaveLength(1);
  for (const { job_id } of jobs) expect((await findJob(database, job_id))?.dispatched_at).toBeNull();
  await servers.temporal.start();
  for (const job of jobs) await dispatched(job);
  await webhooksTold();
  expect(await runsOf({ workflow_id: told })).toHaveLength(1);
  await until(async () => !one.away);
  expect(one.said.filter((line) => line.includes('is away'))).toHaveLength(1);
  expect(one.said.filter((line) => line.includes('answer again'))).toHaveLength(1);
  for (const job of jobs) expect(await runsOf(job)).toHaveLength(1);
});
