import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import {
  type DeletionWorkflowInput,
  deletionWorkflowId,
  deletionWorkflowType,
} from '../domain/workflow-input.ts';

/** Starts the workflow that removes what `deletions` row `deletionId` names; repeated, it is the same one. */
export async function startDeletionWorkflow(
  client: Client,
  taskQueue: string,
  deletionId: string,
): Promise<void> {
  const input: DeletionWorkflowInput = { deletion_id: deletionId };
  try {
    await client.workflow.start(deletionWorkflowType, {
      workflowId: deletionWorkflowId(deletionId),
      taskQueue,
      args: [input],
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `deletion · ${deletionId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
