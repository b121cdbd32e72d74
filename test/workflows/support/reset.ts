import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import Long from 'long';
import type { System } from './system.ts';

/** The first workflow task's completion: everything before it is the workflow's start. */
const start = Long.fromNumber(4);

/**
 * What the Web UI's Reset does.
 * @param to completion of the workflow task that is played anew; everything is, unless told
 * @returns the new run
 */
export async function resetWorkflow(
  { client }: Pick<System, 'client'>,
  workflowId: string,
  to: Long = start,
): Promise<WorkflowHandle> {
  const handle = client.workflow.getHandle(workflowId);
  // What a test saw in a row may have been written by a local activity, before its workflow task was completed.
  while (to.greaterThan((await handle.describe()).historyLength)) await sleep(50);
  const { runId } = await handle.describe();
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    workflowTaskFinishEventId: to,
    requestId: randomUUID(),
    reason: 'an operator tries it',
  });
  return client.workflow.getHandle(workflowId, reset.runId);
}

/** The workflow task that had an activity begun: reset to it, the workflow begins that activity anew. */
export async function taskBefore(
  { client }: Pick<System, 'client'>,
  workflowId: string,
  activity: string,
): Promise<Long> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (scheduled?.activityType?.name !== activity) continue;
    return Long.fromValue(scheduled.workflowTaskCompletedEventId as Long);
  }
  throw new Error(`${workflowId} has begun no ${activity}.`);
}
