import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { Deletion } from '../../database/find-deletion.ts';
import {
  type DeletionWorkflowInput,
  deletionWorkflowId,
  deletionWorkflowType,
} from '../../domain/workflow-input.ts';
import type { ActivityLog } from '../activity-log.ts';

export interface ResumeDeletionsNeeds {
  client: Client;
  taskQueue: string;
  findDeletion(id: string): Promise<Deletion | null>;
  log: ActivityLog;
}

/** Ended, but not by finishing. `CANCELED` is spelt so in visibility queries. */
const broken = `WorkflowType = '${deletionWorkflowType}' AND ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated', 'Canceled')`;

/** What was to be deleted is deleted, also when somebody terminated the workflow that was at it. */
export function makeResumeDeletions({ client, taskQueue, findDeletion, log }: ResumeDeletionsNeeds) {
  return async function resumeDeletions(): Promise<string[]> {
    const resumed: string[] = [];
    const prefix = deletionWorkflowId('');
    for await (const { workflowId } of client.workflow.list({ query: broken, pageSize: 100 })) {
      const id = workflowId.slice(prefix.length);
      const deletion = await findDeletion(id);
      if (!deletion || deletion.state === 'done' || resumed.includes(id)) continue;
      const input: DeletionWorkflowInput = { deletion_id: id };
      await client.workflow.start(deletionWorkflowType, {
        workflowId,
        taskQueue,
        args: [input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        staticSummary: `deletion · ${id} · resumed`,
      });
      log.warn({ deletion_id: id }, 'A deletion was ended before it was done; it goes on');
      resumed.push(id);
    }
    return resumed;
  };
}
