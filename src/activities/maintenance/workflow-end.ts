import { type Client, WorkflowNotFoundError } from '@temporalio/client';

/** How a workflow ended, in Temporal's own word; `gone` when Temporal does not know it (any more). */
export type EndedHow = 'completed' | 'failed' | 'canceled' | 'terminated' | 'timed out' | 'gone';

export interface WorkflowEnd {
  how: EndedHow;
  /** What the operator wrote, or what the workflow failed with; null where there is nothing. */
  reason: string | null;
  /** By Temporal's clock; null where it does not say. */
  at: Date | null;
}

/** Every other status (`RUNNING`, `PAUSED`, …) may still go on. */
const ends: Readonly<Record<string, EndedHow>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'canceled',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed out',
};

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API: only the event the history ends with. */
const closeEventOnly = 2;
const longestReason = 500;
/** What the Web UI (2.42) writes for an operator who gave no reason; their name may follow. */
const uiPlaceholder = /^Terminated from the Web UI/;

/** Temporal ends a running workflow that is deleted before it removes it, with this reason. */
const deleting = 'Delete workflow execution';

/** How the newest run under this id ended; null while it is at work. After a reset that is the run that goes on. */
export async function workflowEnd(client: Client, workflowId: string): Promise<WorkflowEnd | null> {
  try {
    const { status, runId, closeTime } = await client.workflow.getHandle(workflowId).describe();
    const how = ends[status.name];
    if (!how) return null;
    const reason = await reasonOf(client, workflowId, runId);
    if (how === 'terminated' && reason === deleting)
      return { how: 'gone', reason: null, at: closeTime ?? null };
    return { how, reason, at: closeTime ?? null };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { how: 'gone', reason: null, at: null };
    throw error;
  }
}

async function reasonOf(client: Client, workflowId: string, runId: string): Promise<string | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    historyEventFilterType: closeEventOnly,
  });
  const last = history?.events?.at(-1);
  const said =
    last?.workflowExecutionTerminatedEventAttributes?.reason ??
    last?.workflowExecutionFailedEventAttributes?.failure?.message;
  return said?.replace(uiPlaceholder, '').trim().slice(0, longestReason) || null;
}
