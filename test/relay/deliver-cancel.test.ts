import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import Long from 'long';
import type { Job } from '../../src/domain/job.ts';
import { deliverCancel } from '../../src/relay/deliver-cancel.ts';
import { startJobWorkflow } from '../../src/relay/start-job-workflow.ts';
import { testTaskQueue } from '../support/servers.ts';

/** No worker serves these queues: a workflow stays as the test leaves it. */
let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  client = new Client({ connection });
});
afterAll(() => connection?.close());

async function started(taskQueue = testTaskQueue('cancel')) {
  const job_id = randomUUID();
  const job: Job = {
    job_id,
    session_id: randomUUID(),
    user_id: 'coach-7',
    kind: 'technique',
    original_key: 'originals/coach-7/1/squats.mp4',
    file_name: 'squats.mp4',
    options: {},
    status: 'queued',
    phase: 'queued',
    stage: 'QUEUED',
    progress_pct: 0,
    result: null,
    error_message: null,
    error_type: null,
    workflow_id: `technique-${job_id}`,
    attempt: 1,
    dispatched_at: null,
    cancel_requested_at: null,
    created_at: new Date(),
    updated_at: new Date(),
    started_at: null,
    webhook: null,
    assist_due_at: null,
    preceded_by: null,
    completed_at: null,
  };
  expect(await startJobWorkflow(client, taskQueue, job, 'squats.mp4')).toBe('started');
  const handle = client.workflow.getHandle(job.workflow_id);
  const cancelRequested = async () => {
    const { events } = await handle.fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? false;
  };
  return { job, taskQueue, handle, cancelRequested };
}

test('a cancellation that comes late does not cancel the retry', async () => {
  const { job, taskQueue, handle, cancelRequested } = await started();
  await handle.terminate();
  const second = { ...job, attempt: 2 };
  expect(await startJobWorkflow(client, taskQueue, second, 'squats.mp4')).toBe('started');
  await deliverCancel(client, job);
  expect(await cancelRequested()).toBe(false);
  await deliverCancel(client, second);
  expect(await cancelRequested()).toBe(true);
});

test('an attempt that an operator has reset is cancelled all the same', async () => {
  const { job, taskQueue, handle, cancelRequested } = await started();
  const { namespace } = client.options;
  const { runId } = await handle.describe();
  // A reset needs a finished workflow task; here the test is the worker.
  const { taskToken } = await client.withDeadline(Date.now() + 20_000, () =>
    client.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } }),
  );
  await client.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken });
  await client.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: job.workflow_id, runId },
    workflowTaskFinishEventId: Long.fromNumber(4),
    requestId: randomUUID(),
  });
  const now = await handle.describe();
  expect(now.runId).not.toBe(runId);
  expect(now.raw.workflowExecutionInfo?.firstRunId).toBe(runId);
  await deliverCancel(client, job);
  expect(await cancelRequested()).toBe(true);
});

test('a workflow that has ended, or that Temporal does not know, is no obstacle', async () => {
  const { job, handle } = await started();
  await handle.terminate();
  await deliverCancel(client, job);
  await deliverCancel(client, { ...job, workflow_id: `technique-${randomUUID()}` });
});
