import { createHash } from 'node:crypto';
import {
  type Client,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import {
  type AcceptedAnswer,
  type AssistUpdate,
  assistRefusals,
  assistUpdateName,
} from '../domain/assist.ts';
import { Conflict, InvalidRequest, TemporalUnavailable } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { isTemporalOutage } from '../domain/temporal-outage.ts';

type Waiting = Pick<Job, 'job_id' | 'attempt' | 'workflow_id'>;

/**
 * Hands a person's answer to the workflow that waits for it. The update's id is made of the answer, so that one given
 * again, because the reply was lost, is the same one.
 * @param question which of the attempt; the workflow refuses it when it asks another by now
 * @throws Conflict when nobody waits, or somebody answered first; InvalidRequest when it cannot be so;
 * TemporalUnavailable
 */
export async function deliverAssist(
  client: Client,
  job: Waiting,
  given: Pick<AssistUpdate, 'answer' | 'by'>,
  question: number,
  patienceMs = 15_000,
): Promise<AcceptedAnswer> {
  const { job_id, attempt } = job;
  const update: AssistUpdate = { ...given, attempt, question };
  const updateId = createHash('sha256')
    .update(JSON.stringify([job_id, attempt, question, given.by, given.answer]))
    .digest('hex');
  const handle = client.workflow.getHandle(job.workflow_id);
  try {
    return await client.withDeadline(Date.now() + patienceMs, () =>
      handle.executeUpdate<AcceptedAnswer, [AssistUpdate]>(assistUpdateName, { updateId, args: [update] }),
    );
  } catch (error) {
    throw inOurWords(error, job);
  }
}

/** Shows operators in the workflow's details whom one of them has asked. @throws TemporalUnavailable */
export async function tellAssignee(client: Client, job: Waiting, assignee: string | null): Promise<void> {
  try {
    await client.workflow.getHandle(job.workflow_id).signal('assist-assigned', { assignee });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    throw inOurWords(error, job);
  }
}

function inOurWords(error: unknown, { job_id }: Waiting): unknown {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    const { type, message } = error.cause;
    if (type === assistRefusals.impossible) return new InvalidRequest(message, 'answer', { cause: error });
    return new Conflict(message, { cause: error });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new Conflict(`Job ${job_id} waits for nobody's answer: its workflow has ended.`, { cause: error });
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isTemporalOutage(error)) {
    return new TemporalUnavailable(
      'Nobody is there to take the answer at the moment. Send it again shortly: the same answer counts once.',
      { cause: error },
    );
  }
  return error;
}
