import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { Deletion } from '../../database/deletions/find-deletion.ts';
import {
  type DeletionWorkflowInput,
  deletionWorkflowId,
  deletionWorkflowType,
} from '../../domain/workflow-input.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { collectFailedParts } from './failed-parts.ts';
import type { WorkflowEnd } from './workflow-end.ts';

export interface ResumeDeletionsNeeds {
  client: Client;
  taskQueue: string;
  unfinishedDeletions(page: {
    idleSeconds: number;
    limit: number;
    after?: string;
  }): Promise<{ id: string }[]>;
  findDeletion(id: string): Promise<Deletion | null>;
  /** Null while the workflow is at work. */
  workflowEnd(workflowId: string): Promise<WorkflowEnd | null>;
  log: ActivityLog;
}

/** Most deletions are done by then, and Temporal need not be asked about them. */
const idleSeconds = 60;
/** What made one fail (S3 that refuses, say) may stay for long: it is tried once a minute, not at every turn. */
const restMs = 60_000;
const page = 200;
const atOnce = 16;

/**
 * What was to be deleted is deleted, also when its workflow was terminated, or deleted from Temporal with all that was
 * known of it there: the rows say what is unfinished, and Temporal only whether somebody is at it.
 */
export function makeResumeDeletions(needs: ResumeDeletionsNeeds) {
  const { client, taskQueue, unfinishedDeletions, findDeletion, workflowEnd, log } = needs;

  async function resume({ id }: { id: string }): Promise<boolean> {
    const workflowId = deletionWorkflowId(id);
    const end = await workflowEnd(workflowId);
    if (!end || (end.how === 'failed' && Date.now() - Number(end.at) < restMs)) return false;
    // A workflow ends after its row is done, so what the row says now, after the end was seen, is the last word.
    if ((await findDeletion(id))?.state !== 'deleting') return false;
    const input: DeletionWorkflowInput = { deletion_id: id };
    await client.workflow.start(deletionWorkflowType, {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `deletion · ${id} · resumed`,
    });
    log.warn({ deletion_id: id, how: end.how }, 'A deletion was ended before it was done; it goes on');
    return true;
  }

  return async function resumeDeletions(): Promise<string[]> {
    return whileHeartbeating(async (signal, detail) => {
      const resumed: string[] = [];
      const failedParts = collectFailedParts(log);
      let after: string | undefined;
      for (;;) {
        const found = await unfinishedDeletions({ idleSeconds, limit: page, after });
        for (let first = 0; first < found.length; first += atOnce) {
          signal.throwIfAborted();
          const some = found.slice(first, first + atOnce);
          const went = await Promise.all(
            some.map((one) => failedParts.unlessFailed({ deletion_id: one.id }, () => resume(one))),
          );
          resumed.push(...some.filter((_, n) => went[n]).map(({ id }) => id));
          detail({ resumed: resumed.length });
        }
        if (found.length < page) {
          failedParts.throwIfAny();
          return resumed;
        }
        after = found.at(-1)?.id;
      }
    });
  };
}
