import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { JobPlace } from '../domain/job.ts';

/** An operator sees the error itself in the workflow's history. */
const unforeseen =
  "Something went wrong that we did not foresee. An operator sees the reason in the workflow's history.";

/** What a job's workflow answers when it closes without an error. */
export interface JobOutcome {
  /** The job's status, or `superseded` when the job had ended or a later attempt had it: nothing was written. */
  outcome: string;
  words: string;
}

/** Why it went wrong: a word for machines, a sentence for users. */
export interface Reason {
  type: string;
  message: string;
}

/** The job is no longer this run's: ended, cancelled, or taken over. */
export function isSuperseded(error: unknown): boolean {
  return reasonOf(error).type === 'StaleAttempt';
}

/** Where the job was found, when it is no longer this run's; null where nobody said. */
export function placeFound(error: unknown): JobPlace | null {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? ((cause.details?.[0] as JobPlace | undefined) ?? null) : null;
}

/** The job's row is gone: somebody deleted the job while it ran. */
export function isDeleted(error: unknown): boolean {
  return isCancellation(error) ? false : reasonOf(error).type === 'NotFound';
}

export function reasonOf(error: unknown): Reason {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return {
      type: cause.type ?? 'Unexpected',
      message: cause.message || unforeseen,
    };
  }
  if (cause instanceof TimeoutFailure) {
    const within = cause.cause instanceof ApplicationFailure ? ` ${cause.cause.message}` : '';
    return {
      type: 'Timeout',
      message: `The analysis did not get through within the time allowed.${within} Try again; an operator sees the reason in the workflow's history.`,
    };
  }
  if (cause instanceof CancelledFailure) return { type: 'Cancelled', message: 'The analysis was cancelled.' };
  return { type: 'Unexpected', message: unforeseen };
}
