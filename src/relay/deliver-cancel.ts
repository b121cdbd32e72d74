import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Job } from '../domain/job.ts';

/**
 * Asks the workflow of this attempt to end, and no other: the wish may have been read before the attempt ended and the
 * job was retried, under the same workflow id. The memo says whose the newest run is (one without was started by hand,
 * for whatever attempt the job has); the chain's first run, which a reset keeps and a retry does not, holds the
 * request to it when another run takes its place meanwhile.
 *
 * A run that is not there any more has ended already; if its row doesn't say so, the reconciler will find out.
 */
export async function deliverCancel(
  client: Client,
  { workflow_id, attempt }: Pick<Job, 'workflow_id' | 'attempt'>,
): Promise<void> {
  try {
    const { memo, raw } = await client.workflow.getHandle(workflow_id).describe();
    if ((memo?.attempt ?? attempt) !== attempt) return;
    const firstExecutionRunId = raw.workflowExecutionInfo?.firstRunId || undefined;
    await client.workflow.getHandle(workflow_id, undefined, { firstExecutionRunId }).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
