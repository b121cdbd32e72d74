import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeReconcileJobs } from '../../../src/activities/maintenance/reconcile-jobs.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import { startJobWorkflow } from '../../../src/relay/start-job-workflow.ts';
import { waitingJob } from '../../database/assist/waiting-job.ts';
import { openRooms, type Rooms, recordsOf } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('reconcile-waiting');
});
afterAll(() => rooms?.close());

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
