import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

/** What Temporal says of a job's latest run. */
export type WorkflowEnd =
  | { state: 'running' }
  /** Terminated or cancelled: somebody wanted it to end. `why` is what they said, as far as known. */
  | { state: 'stopped'; why: string }
  /** It ended of itself, or is gone. */
  | { state: 'broken'; why: string };

/** Asks for the latest run: after a reset, the one that goes on. */
export async function workflowEnd(client: Client, workflowId: string): Promise<WorkflowEnd> {
  try {
    const { status, runId } = await client.workflow.getHandle(workflowId).describe();
    switch (status.name) {
      case 'RUNNING':
      case 'PAUSED':
      case 'CONTINUED_AS_NEW':
        return { state: 'running' };
      case 'TERMINATED':
        return { state: 'stopped', why: await whyTerminated(client, workflowId, runId) };
      case 'CANCELLED':
        return { state: 'stopped', why: 'The workflow was cancelled before it could write that down.' };
      case 'TIMED_OUT':
        return { state: 'broken', why: 'The workflow ran out of the time it was given. Retry the job.' };
      case 'FAILED':
        return {
          state: 'broken',
          why: 'The workflow failed before it could write down why; its history in Temporal says more. Retry the job.',
        };
      default:
        return {
          state: 'broken',
          why: 'The workflow ended without finishing the job; its history in Temporal says more. Retry the job.',
        };
    }
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { state: 'broken', why: 'The workflow was deleted from Temporal while it was at work. Retry the job.' };
  }
}

async function whyTerminated(client: Client, workflowId: string, runId: string): Promise<string> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    historyEventFilterType: temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  const said = history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason?.trim();
  return `The workflow was terminated by an operator${said ? `: ${said.slice(0, 500)}` : '.'}`;
}
