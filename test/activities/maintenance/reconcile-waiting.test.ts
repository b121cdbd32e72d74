import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeReconcileJobs } from '../../../src/activities/maintenance/reconcile-jobs.ts';
import { workflowEnd } from '../../../src/activities/maintenance/workflow-end.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { Conflict } from '../../../src/domain/errors.ts';
import type { Job } from '../../../src/domain/job.ts';
import { startJobWorkflow } from '../../../src/relay/start-job-workflow.ts';
import { waitingJob } from '../../database/assist/waiting-job.ts';
import { runningJob } from '../../database/jobs.ts';
import { openRooms, type Rooms, recordsOf } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('reconcile-waiting');
});
afterAll(() => rooms?.close());

test('a job that cannot be compared keeps none of another kind from its turn; Temporal out of reach does', async () => {
  const { database, client } = rooms;
  const photograph = await waitingJob(database);
  const video = await runningJob(database);
  const [id, other] = [photograph.job_id, video.job_id].sort();
  const errors: object[] = [];
  const log = { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) };
  const needs = maintenanceNeeds({ ...rooms, recordsOf, log });
  const reconcile = (workflowEnd: typeof needs.workflowEnd) =>
    rooms.run(makeReconcileJobs({ ...needs, workflowEnd }), { idle_seconds: -1 });

  const away = Connection.lazy({ address: '127.0.0.1:1' });
  const lost = new Client({ connection: away });
  const asked: Promise<unknown>[] = [];
  const unanswered = reconcile((workflowId) => {
    const end = lost.withDeadline(Date.now() + 1000, () => workflowEnd(lost, workflowId));
    asked.push(end);
    return end;
  });
  await expect(unanswered).rejects.toThrow('Failed to describe workflow');
  expect(errors).toEqual([]);

  const unreadable = reconcile(async (workflowId) => {
    if (workflowId.endsWith(id as string)) throw new Conflict('It cannot be read.');
    return workflowEnd(client, workflowId);
  });
  await expect(unreadable).rejects.toThrow('It cannot be read.');
  expect(errors).toMatchObject([{ job_id: id, failed: 1 }]);
  expect(await findJob(database, other as string)).toMatchObject({
    phase: 'failed',
    error_type: 'WorkflowGone',
  });
  await database.em().execute('DELETE FROM analysis_jobs WHERE job_id IN (?, ?)', [id, other]);
  // The client tries again until the deadline, which a closed connection does not bear.
  await Promise.allSettled(asked);
  await away.close();
});

test('jobs that wait for a person are looked up in one list; one whose workflow was terminated is found', async () => {
  const { database, client, taskQueue } = rooms;
  const jobs: Job[] = [];
  for (let n = 0; n < 3; n++) {
    const job = await waitingJob(database);
    await startJobWorkflow(client, taskQueue, job, 'phone.jpg');
    jobs.push(job);
  }
  const [first] = jobs as [Job];
  const asked: string[] = [];
  const log = { info() {}, warn() {}, error() {} };
  const needs = maintenanceNeeds({ ...rooms, recordsOf, log });
  const listed = async () => [...(await needs.workflowsAtWork())];
  const reconcile = makeReconcileJobs({
    ...needs,
    workflowEnd: (id) => {
      asked.push(id);
      return needs.workflowEnd(id);
    },
  });
  // The list is a moment behind.
  while ((await listed()).length < jobs.length) await sleep(50);
  expect(await rooms.run(reconcile, { idle_seconds: -1 })).toEqual({ looked_at: 3, ended: 0 });
  expect(asked).toEqual([]);
  await client.workflow.getHandle(first.workflow_id).terminate('never mind');
  while ((await listed()).includes(first.workflow_id)) await sleep(50);
  expect(await rooms.run(reconcile, { idle_seconds: -1 })).toEqual({ looked_at: 3, ended: 1 });
  expect(asked).toEqual([first.workflow_id]);
  expect(await findJob(database, first.job_id)).toMatchObject({ status: 'canceled' });
});
