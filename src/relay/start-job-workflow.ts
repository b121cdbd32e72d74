import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Job } from '../domain/job.ts';
import { searchAttributes } from '../domain/search-attributes.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { staticDetails, staticSummary } from './operator-texts.ts';

/** `waits`: a run of an earlier attempt has not ended yet; ask again later. */
export type StartOutcome = 'started' | 'already started' | 'waits';

/**
 * Starts the workflow of a job's present attempt, once, however often it is called. The workflow's id is the
 * same for all attempts, so that operators find them side by side.
 *
 * The first attempt: any workflow of that id, running or ended, is this one. A later attempt follows ended
 * runs (`ALLOW_DUPLICATE`), but must not take a run for its own that an earlier attempt left running: it would
 * end without a word about this attempt. The memo tells them apart.
 */
export async function startJobWorkflow(
  client: Client,
  taskQueue: string,
  job: Job,
  fileName: string,
): Promise<StartOutcome> {
  const first = job.attempt === 1;
  const input: JobWorkflowInput = {
    job_id: job.job_id,
    kind: job.kind,
    attempt: job.attempt,
    session_id: job.session_id,
    user_id: job.user_id,
    file_name: fileName,
    options: job.options,
  };
  const known = first ? null : await newestRun(client, job);
  if (known) return known;
  try {
    await client.workflow.start(job.kind, {
      workflowId: job.workflow_id,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: first
        ? WorkflowIdReusePolicy.REJECT_DUPLICATE
        : WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      workflowIdConflictPolicy: first ? WorkflowIdConflictPolicy.USE_EXISTING : WorkflowIdConflictPolicy.FAIL,
      memo: { attempt: job.attempt },
      typedSearchAttributes: [
        { key: searchAttributes.kind, value: job.kind },
        { key: searchAttributes.status, value: job.status },
        { key: searchAttributes.stage, value: job.stage },
        { key: searchAttributes.userId, value: job.user_id },
        { key: searchAttributes.sessionId, value: job.session_id },
      ],
      staticSummary: staticSummary(job, fileName),
      staticDetails: staticDetails(job, fileName),
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return first ? 'already started' : ((await newestRun(client, job)) ?? 'waits');
  }
}

/**
 * What a later attempt's start would meet; null where nothing is in its way. Its own run counts also when it has ended:
 * a relay lost before it could write the start down must not have it begin again.
 */
async function newestRun(client: Client, { workflow_id, attempt }: Job): Promise<StartOutcome | null> {
  try {
    const { memo, status } = await client.workflow.getHandle(workflow_id).describe();
    if (memo?.attempt === attempt) return 'already started';
    return status.name === 'RUNNING' ? 'waits' : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
