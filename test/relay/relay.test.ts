import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { undispatchedDeletions } from '../../src/database/deletions/undispatched-deletions.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { databaseOutbox } from '../../src/relay/database-outbox.ts';
import { openRelayRooms, type RelayRooms, until } from './relay-rooms.ts';

let rooms: RelayRooms;
beforeAll(async () => {
  rooms = await openRelayRooms();
});
afterEach(() => rooms.closeRelays());
afterAll(() => rooms.close());

test('an accepted job’s workflow starts, told so that operators find it', async () => {
  const job = await rooms.accepted('coach-7', 'squats [1].mp4');
  rooms.relay();
  await rooms.dispatched(job);
  const found = await rooms.client.workflow.getHandle(job.workflow_id).describe();
  expect(found.type).toBe('technique');
  expect(found.taskQueue).toBe(rooms.taskQueue);
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
  const job = await rooms.accepted();
  rooms.relay();
  await rooms.dispatched(job);
  const { events } = await rooms.client.workflow.getHandle(job.workflow_id).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toEqual({
    ...{ job_id: job.job_id, kind: 'technique', attempt: 1, session_id: job.session_id, user_id: 'coach-7' },
    ...{ file_name: 'squats.mp4', options: { mode: 'quick' } },
  });
});

test('several relays on one database start each job once', async () => {
  const jobs = await Promise.all(Array.from({ length: 20 }, () => rooms.accepted()));
  rooms.relay();
  rooms.relay();
  rooms.relay();
  for (const job of jobs) await rooms.dispatched(job);
  await sleep(300);
  for (const job of jobs) expect(await rooms.runsOf(job)).toHaveLength(1);
});

test('a relay that died between the start and the row changes nothing', async () => {
  const job = await rooms.accepted();
  rooms.relay();
  await rooms.dispatched(job);
  const unmark = 'UPDATE analysis_jobs SET dispatched_at = NULL WHERE job_id = ?';
  await rooms.database.em().execute(unmark, [job.job_id]);
  await rooms.dispatched(job);
  expect(await rooms.runsOf(job)).toHaveLength(1);
  // Also when the workflow has ended meanwhile.
  await rooms.client.workflow.getHandle(job.workflow_id).terminate();
  await rooms.database.em().execute(unmark, [job.job_id]);
  await rooms.dispatched(job);
  expect(await rooms.runsOf(job)).toHaveLength(1);
});

test('a cancellation reaches the workflow; one that is gone is no obstacle', async () => {
  const [running, gone] = [await rooms.accepted(), await rooms.accepted()];
  rooms.relay();
  await rooms.dispatched(running);
  await rooms.dispatched(gone);
  await rooms.client.workflow.getHandle(gone.workflow_id).terminate();
  for (const { job_id } of [running, gone])
    await requestCancel(rooms.database, job_id, { by: 'coach-7', why: 'test' });
  await until(async () => {
    const { events } = await rooms.client.workflow.getHandle(running.workflow_id).fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? false;
  });
  await until(async () => (await databaseOutbox(rooms.database).cancelRequests(10)).length === 0);
});

test('a deletion starts its workflow once', async () => {
  const job = await rooms.accepted();
  const one = rooms.relay();
  await rooms.dispatched(job);
  const { id } = await requestDeletion(rooms.database, {
    target: 'job',
    id: job.job_id,
    by: 'coach-7',
    cancel: true,
  });
  one.wake();
  await until(async () => (await undispatchedDeletions(rooms.database, 10)).length === 0);
  const found = await rooms.client.workflow.getHandle(`deletion-${id}`).describe();
  expect([found.type, found.taskQueue]).toEqual(['deletion', rooms.taskQueue]);
});

test('what is told of a job is one delivery, however many relays there are, and knows the event alone', async () => {
  const told = await Promise.all(Array.from({ length: 10 }, rooms.canceledAndTold));
  rooms.relay();
  rooms.relay();
  await rooms.webhooksTold();
  await sleep(300);
  for (const workflow_id of told) {
    const [run, ...others] = await rooms.runsOf({ workflow_id });
    expect([run?.type, run?.taskQueue, others]).toEqual(['webhook', rooms.taskQueue, []]);
  }
  const [workflowId] = told as [string];
  const { events } = await rooms.client.workflow.getHandle(workflowId).fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  expect(JSON.parse(Buffer.from(input?.data ?? []).toString())).toEqual({
    event_id: workflowId.replace('webhook-', ''),
  });
});

test('a job that cannot be told does not hold up the others', async () => {
  const poison = await rooms.accepted();
  const setKind = 'UPDATE analysis_jobs SET kind = ? WHERE job_id = ?';
  await rooms.database.em().execute(setKind, ['of another version', poison.job_id]);
  const job = await rooms.accepted();
  const one = rooms.relay();
  await rooms.dispatched(job);
  await until(async () => one.said.some((line) => line.includes('could not tell')));
  await rooms.database.em().execute(setKind, ['technique', poison.job_id]);
  await rooms.dispatched(poison);
  expect(one.said.filter((line) => line.includes('could not tell'))).toHaveLength(1);
});
