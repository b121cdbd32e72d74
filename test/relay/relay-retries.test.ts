import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { openRelayRooms, type RelayRooms } from './relay-rooms.ts';

let rooms: RelayRooms;
beforeAll(async () => {
  rooms = await openRelayRooms();
});
afterEach(() => rooms.closeRelays());
afterAll(() => rooms.close());

test('a retry is a new run under the same id, once the run before has ended', async () => {
  const job = await rooms.accepted();
  rooms.relay();
  await rooms.dispatched(job);
  const at = { job_id: job.job_id, attempt: 1, why: 'test' };
  await transitionJob(rooms.database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
  await retryJob(rooms.database, job.job_id, { by: 'coach-7' });
  await sleep(500);
  expect((await findJob(rooms.database, job.job_id))?.dispatched_at).toBeNull();
  await rooms.client.workflow.getHandle(job.workflow_id).terminate();
  await rooms.dispatched(job);
  expect(await rooms.runsOf(job)).toHaveLength(2);
  const latest = await rooms.client.workflow.getHandle(job.workflow_id).describe();
  expect([latest.status.name, latest.memo?.attempt]).toEqual(['RUNNING', 2]);
});

test('a relay that died between a retry’s start and the row does not start it twice, also when it has ended', async () => {
  const job = await rooms.accepted();
  const one = rooms.relay();
  await rooms.dispatched(job);
  await rooms.client.workflow.getHandle(job.workflow_id).terminate();
  const at = { job_id: job.job_id, attempt: 1, why: 'test' };
  await transitionJob(rooms.database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
  await retryJob(rooms.database, job.job_id, { by: 'coach-7' });
  one.wake();
  await rooms.dispatched(job);
  await rooms.client.workflow.getHandle(job.workflow_id).terminate();
  await rooms.database
    .em()
    .execute('UPDATE analysis_jobs SET dispatched_at = NULL WHERE job_id = ?', [job.job_id]);
  one.wake();
  await rooms.dispatched(job);
  expect(await rooms.runsOf(job)).toHaveLength(2);
});

test('retries that wait for the run before them, however many, keep no new job from its start', async () => {
  rooms.relay();
  const waiting = await Promise.all(Array.from({ length: 20 }, () => rooms.accepted()));
  for (const job of waiting) {
    await rooms.dispatched(job);
    const at = { job_id: job.job_id, attempt: 1, why: 'test' };
    await transitionJob(rooms.database, { ...at, to: 'failed', stage: 'FAILED', error_message: 'test' });
    await retryJob(rooms.database, job.job_id, { by: 'coach-7' });
  }
  await rooms.dispatched(await rooms.accepted());
  for (const job of waiting) await rooms.client.workflow.getHandle(job.workflow_id).terminate();
  for (const job of waiting) await rooms.dispatched(job);
});
