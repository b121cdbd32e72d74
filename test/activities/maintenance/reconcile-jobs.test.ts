import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import Long from 'long';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { markDispatched } from '../../../src/database/jobs/mark-dispatched.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { listWebhookEvents } from '../../../src/database/webhooks/list-webhook-events.ts';
import { readWebhookEvent } from '../../../src/database/webhooks/read-webhook-event.ts';
import type { Job } from '../../../src/domain/job.ts';
import { startJobWorkflow } from '../../../src/relay/start-job-workflow.ts';
import { request } from '../../database/jobs.ts';
import { answerWorkflowTask, openRooms, type Rooms } from './rooms.ts';

const { CommandType } = temporal.api.enums.v1;
let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('reconcile');
});
afterAll(() => rooms?.close());

/** A job at work whose workflow has started; nobody serves its queue. */
async function started({
  runTimeout,
  webhook,
}: {
  runTimeout?: '1 second';
  webhook?: { url: string };
} = {}): Promise<Job> {
  const { database, client, taskQueue } = rooms;
  const plain = request();
  const { job } = await acceptJob(database, { ...plain, job: { ...plain.job, webhook } });
  if (runTimeout) {
    await client.workflow.start('technique', {
      workflowId: job.workflow_id,
      taskQueue: `${taskQueue}-nobody`,
      workflowRunTimeout: runTimeout,
    });
  } else await startJobWorkflow(client, taskQueue, job, 'squats.mp4');
  await markDispatched(database, job.job_id, 1);
  return transitionJob(database, {
    job_id: job.job_id,
    attempt: 1,
    to: 'processing',
    stage: 'QUICK',
    why: 'a test',
  });
}

async function afterReconciling({ job_id }: Job): Promise<Job> {
  await rooms.run(rooms.activities.reconcileJobs, { idle_seconds: -1 });
  return (await findJob(rooms.database, job_id)) as Job;
}

test('a workflow at work is left alone', async () => {
  const job = await started();
  expect(await afterReconciling(job)).toMatchObject({ status: 'processing', attempt: 1 });
  await rooms.client.workflow.getHandle(job.workflow_id).terminate();
});

test('terminated in the Web UI: canceled, with what the operator wrote, and the session too', async () => {
  const job = await started();
  await rooms.client.workflow.getHandle(job.workflow_id).terminate('wrong player');
  expect(await afterReconciling(job)).toMatchObject({
    status: 'canceled',
    stage: 'QUICK',
    error_message: 'Terminated at Temporal: wrong player',
  });
  expect(await findSession(rooms.database, job.session_id)).toMatchObject({ status: 'canceled' });
  const again = await rooms.run(rooms.activities.reconcileJobs, { idle_seconds: -1 });
  expect(again).toEqual({ looked_at: 0, ended: 0 });
});

test('what an operator wrote stays readable; what in it names our machines is for the log alone', async () => {
  const said = 'wrong EVENT: process 12 of 13, see squats.mp4 at frame:120 on db-1.internal:5432';
  const job = await started();
  await rooms.client.workflow.getHandle(job.workflow_id).terminate(said);
  expect(await afterReconciling(job)).toMatchObject({
    error_message: `Terminated at Temporal: ${said.replace('db-1.internal:5432', '(a host)')}`,
  });
  const { fields } = rooms.lines.findLast(({ message }) => message === 'Reconciled a job') ?? {};
  expect(fields).toMatchObject({ job_id: job.job_id, why: `Terminated at Temporal: ${said}` });
});

test('a job’s webhook is told of an end that only the reconciler saw', async () => {
  const job = await started({ webhook: { url: 'https://example.org/told' } });
  await rooms.client.workflow.getHandle(job.workflow_id).terminate('wrong player');
  await afterReconciling(job);
  expect(await listWebhookEvents(rooms.database, job.job_id)).toMatchObject([{ type: 'job.canceled' }]);
});

test('deleted at Temporal, or never known there: failed, and the message says so', async () => {
  const job = await started();
  const { client } = rooms;
  const { runId } = await client.workflow.getHandle(job.workflow_id).describe();
  await client.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: job.workflow_id, runId },
  });
  let now = await afterReconciling(job);
  // Temporal deletes in the background.
  while (now.status === 'processing') now = await afterReconciling(job);
  expect(now).toMatchObject({ status: 'failed', stage: 'FAILED', error_type: 'WorkflowGone' });
  expect(now.error_message).toMatch(/deleted from Temporal/);
});

test('timed out: failed', async () => {
  const job = await started({ runTimeout: '1 second' });
  await rooms.client.workflow
    .getHandle(job.workflow_id)
    .result()
    .catch(() => {});
  expect(await afterReconciling(job)).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining('time limit'),
    error_type: 'WorkflowTimedOut',
  });
});

test('ended without a word about the job: failed, whether the workflow completed or failed', async () => {
  const completed = await started();
  await answerWorkflowTask(rooms, [
    {
      commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
      completeWorkflowExecutionCommandAttributes: {},
    },
  ]);
  expect(await afterReconciling(completed)).toMatchObject({
    status: 'failed',
    error_type: 'WorkflowUnfinished',
  });

  const failed = await started({ webhook: { url: 'https://example.org/told' } });
  await answerWorkflowTask(rooms, [
    {
      commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
      failWorkflowExecutionCommandAttributes: {
        failure: { message: 'no disk left at /srv/doubletake/scratch on 10.0.0.5:9000' },
      },
    },
  ]);
  const ended = await afterReconciling(failed);
  const why =
    'The workflow failed before it could write down why; retry the job: no disk left at (a path) on (a host)';
  expect(ended).toMatchObject({ error_message: why, error_type: 'WorkflowFailed' });
  expect((await listTransitions(rooms.database, ended.job_id)).at(-1)).toMatchObject({ why });
  const [event] = await listWebhookEvents(rooms.database, ended.job_id);
  expect(await readWebhookEvent(rooms.database, { event_id: event?.id as string, attempt: 1 })).toMatchObject(
    { payload: { data: { error_message: why } } },
  );
});

test('terminated and reset: the run that goes on is left alone', async () => {
  const job = await started();
  await answerWorkflowTask(rooms, [
    {
      commandType: CommandType.COMMAND_TYPE_START_TIMER,
      startTimerCommandAttributes: { timerId: '1', startToFireTimeout: { seconds: Long.fromNumber(3600) } },
    },
  ]);
  const { client } = rooms;
  const handle = client.workflow.getHandle(job.workflow_id);
  const { runId } = await handle.describe();
  await handle.terminate('oops');
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: job.workflow_id, runId },
    workflowTaskFinishEventId: Long.fromNumber(4),
    requestId: randomUUID(),
    reason: 'terminated by mistake',
  });
  expect(await afterReconciling(job)).toMatchObject({ status: 'processing' });
  await handle.terminate();
});

test('a job that was finished while its workflow was being asked for keeps its end', async () => {
  const { database, client } = rooms;
  const job = await started();
  await client.workflow.getHandle(job.workflow_id).terminate();
  const { job_id } = job;
  await transitionJob(database, { job_id, attempt: 1, to: 'done', stage: 'DONE', why: 'a test' });
  const before = await findJob(database, job_id);
  expect(await afterReconciling(job)).toEqual(before);
});
