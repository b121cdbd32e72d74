import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findDeletion } from '../../../src/database/deletions/find-deletion.ts';
import { requestDeletion } from '../../../src/database/deletions/request-deletion.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { jobPrefix } from '../../../src/domain/artifact.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import { deletionWorkflowId } from '../../../src/domain/workflow-input.ts';
import { type System, squats, startSystem, type WorkerProcess } from '../support/system.ts';

/**
 * A worker that is killed while it removes rows is noticed after five minutes (`startToCloseTimeout`), since that step
 * is too short for heartbeats. A kill "between objects and rows" hits it now and then on a machine with much to do.
 */
jest.setTimeout(420_000);

let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  system = await startSystem('deletion');
  worker = await system.startWorker();
});
afterAll(() => system?.close());

const by = 'coach-7';

async function finishedJob(): Promise<Job> {
  const { job_id } = await system.submit(squats, { mode: 'quick' });
  return system.until(job_id, ({ phase }) => !isOpen(phase));
}

async function objects(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of system.store.list(prefix)) keys.push(key);
  return keys;
}

async function rows(table: string, column: string, id: string): Promise<number> {
  const [{ count }] = await system.database
    .em()
    .execute<[{ count: number }]>(`SELECT count(*)::int AS count FROM ${table} WHERE ${column} = ?`, [id]);
  return count;
}

async function untilDone(deletionId: string): Promise<void> {
  while ((await findDeletion(system.database, deletionId))?.state !== 'done') await sleep(50);
}

test('a job goes with its objects and rows; its session and the original stay', async () => {
  const job = await finishedJob();
  expect((await objects(jobPrefix(job.job_id))).length).toBeGreaterThan(3);
  const { id } = await requestDeletion(system.database, {
    target: 'job',
    id: job.job_id,
    by,
    cancel: false,
  });
  system.relay.wake();
  await untilDone(id);
  expect(await objects(jobPrefix(job.job_id))).toEqual([]);
  for (const table of ['analysis_jobs', 'artifacts', 'technique_passes', 'job_transitions'])
    expect([table, await rows(table, 'job_id', job.job_id)]).toEqual([table, 0]);
  expect(await objects(job.original_key as string)).toEqual([job.original_key]);
  expect(await rows('sessions', 'id', job.session_id)).toBe(1);
});

test('a session goes with its original and all its jobs, also one that is at work', async () => {
  const first = await finishedJob();
  const { job: second } = await acceptJob(system.database, {
    session: { existing_session_id: first.session_id },
    job: { job_id: crypto.randomUUID(), user_id: by, kind: 'technique', options: { mode: 'deep' } },
  });
  system.relay.wake();
  await system.until(second.job_id, ({ status }) => status === 'processing');
  const { id } = await requestDeletion(system.database, {
    target: 'session',
    id: first.session_id,
    by,
    cancel: true,
  });
  system.relay.wake();
  await untilDone(id);
  for (const prefix of [jobPrefix(first.job_id), jobPrefix(second.job_id), first.original_key as string])
    expect(await objects(prefix)).toEqual([]);
  expect(await rows('analysis_jobs', 'session_id', first.session_id)).toBe(0);
  expect(await rows('sessions', 'id', first.session_id)).toBe(0);
  const { status } = await system.client.workflow.getHandle(second.workflow_id).describe();
  expect(status.name).not.toBe('RUNNING');
});

test('worker killed between objects and rows: the deletion finishes all the same', async () => {
  const { job_id } = await finishedJob();
  const { id } = await requestDeletion(system.database, { target: 'job', id: job_id, by, cancel: false });
  system.relay.wake();
  while ((await objects(jobPrefix(job_id))).length > 0) await sleep(5);
  await worker.stop('SIGKILL');
  worker = await system.startWorker();
  await untilDone(id);
  expect(await rows('analysis_jobs', 'job_id', job_id)).toBe(0);
});

/** As if it had begun long ago: younger ones the reconciler does not ask Temporal about. */
async function madeOld(deletionId: string): Promise<void> {
  await system.database
    .em()
    .execute(`UPDATE deletions SET dispatched_at = dispatched_at - interval '1 hour' WHERE id = ?`, [
      deletionId,
    ]);
}

/** A deletion whose workflow waits at Temporal, with no worker to go on with it. */
async function deletionAtRest(jobId: string) {
  await worker.stop('SIGTERM');
  const { id } = await requestDeletion(system.database, { target: 'job', id: jobId, by, cancel: false });
  system.relay.wake();
  while ((await findDeletion(system.database, id))?.state !== 'deleting') await sleep(50);
  await madeOld(id);
  return { id, handle: system.client.workflow.getHandle(deletionWorkflowId(id)) };
}

test('terminated by an operator: it is taken up again, and cancelling it does nothing', async () => {
  const { job_id } = await finishedJob();
  const { id, handle } = await deletionAtRest(job_id);
  await handle.cancel();
  await handle.terminate('not now');
  worker = await system.startWorker();
  await untilDone(id);
  expect(await objects(jobPrefix(job_id))).toEqual([]);
});

test('deleted from Temporal with its history: the row is witness enough, and it is taken up again', async () => {
  const { job_id } = await finishedJob();
  const { id, handle } = await deletionAtRest(job_id);
  const { client } = system;
  await client.workflowService.deleteWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
  });
  const known = () =>
    handle.describe().then(
      () => true,
      () => false,
    );
  while (await known()) await sleep(50);
  worker = await system.startWorker();
  await untilDone(id);
  expect(await objects(jobPrefix(job_id))).toEqual([]);
  expect(await rows('analysis_jobs', 'job_id', job_id)).toBe(0);
});
