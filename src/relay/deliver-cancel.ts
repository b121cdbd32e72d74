import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/**
 * Asks a job's workflow to end. One that is not there any more has ended already; if its row doesn't say so,
 * the reconciler will find out.
 */
export async function deliverCancel(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
