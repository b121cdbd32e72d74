import { ApplicationFailure, type Duration } from '@temporalio/common';
import { isDatabaseAway, isOurs } from '../database/what-failed.ts';
import { causes } from '../domain/causes.ts';
import { ChildLost } from '../domain/child-lost.ts';
import { DoubletakeError, StaleAttempt, WorkerTooBusy } from '../domain/errors.ts';
import { faultOf } from '../domain/our-words.ts';
import { type FailureCount, oneMore } from './failure-count.ts';

/**
 * The types that another try may help but hours of tries can't, and how often each is believed to be bad luck: S3
 * refusing, a machine that has no core for a file, and what a bug or a broken dependency throws. Attempts lost to an
 * outage, or to another type, don't count.
 */
const fewTries: Readonly<Record<string, number>> = { StorageRefused: 3, Unexpected: 5, WorkerTooBusy: 10 };

/** A busy machine is given time; everything else is tried again as soon as the activity's own policy says. */
const later: Readonly<Record<string, Duration>> = { WorkerTooBusy: '1 minute' };

const unforeseen =
  'Something went wrong that we did not foresee. The log of the workers has the details under the id of the job.';

/**
 * The one place where an error becomes Temporal's: its type by which the workflow tells it apart, and whether
 * trying again can help. An outage is waited for, however long. Its message is what users read, so it is in our words,
 * which pass one more gate where they are written down; the error itself is its cause, for operators and the log.
 * @param before how often the activity has failed so far
 */
export function failureOf(error: unknown, before: FailureCount): Error {
  if (!(error instanceof Error)) return failureOf(new Error(String(error)), before);
  if (error instanceof ApplicationFailure || isCancellation(error)) return error;
  if (error instanceof ChildLost && error.how === 'starved')
    return failureOf(new WorkerTooBusy(`the task "${error.task}"`, { cause: error }), before);
  if (error instanceof DoubletakeError) {
    const { type, message } = error;
    const hopeless = !error.retryable || (type === 'DatabaseWriteError' && isOurs(error));
    const nextRetryDelay = askedFor(error) ?? later[type];
    return ApplicationFailure.create({
      type,
      message,
      nonRetryable: hopeless || wasTheLast(type, before),
      cause: error,
      details: dataOf(error),
      ...(nextRetryDelay && { nextRetryDelay }),
    });
  }
  if (isDatabaseAway(error)) return waitedFor('DatabaseUnavailable', 'PostgreSQL is out of reach', error);
  if (isOutOfRoom(error)) return waitedFor('WorkerOutOfRoom', "The worker's machine has no room left", error);
  return ApplicationFailure.create({
    type: 'Unexpected',
    message: unforeseen,
    nonRetryable: wasTheLast('Unexpected', before),
    cause: error,
  });
}

function waitedFor(type: string, what: string, cause: Error): ApplicationFailure {
  const fault = faultOf(cause);
  return ApplicationFailure.create({ type, message: `${what}${fault ? `: ${fault}` : ''}.`, cause });
}

function wasTheLast(type: string, before: FailureCount): boolean {
  return (oneMore(before, type)[type] ?? 0) >= (fewTries[type] ?? Number.POSITIVE_INFINITY);
}

/** What an activity rejects with after it was told to stop; Temporal knows it by its name. */
export function isCancellation(error: unknown): boolean {
  return (
    error instanceof Error && ['CancelledFailure', 'AbortError', 'CompleteAsyncError'].includes(error.name)
  );
}

/** A server that was asked too often says when it may be asked again. */
function askedFor(error: DoubletakeError): number | undefined {
  return 'retry_after_ms' in error ? (error.retry_after_ms as number | undefined) : undefined;
}

function dataOf(error: DoubletakeError): unknown[] | undefined {
  if (error instanceof StaleAttempt) return error.found && [error.found];
  if (error instanceof ChildLost) return [{ how: error.how, task: error.task }];
  return 'presence' in error ? [error.presence] : 'key' in error ? [{ key: error.key }] : undefined;
}

/** A full disk or too many open files: an operator's to mend, another machine's to avoid, and no fault of the file. */
function isOutOfRoom(error: Error): boolean {
  const codes = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
  return [...causes(error)].some(({ code }) => typeof code === 'string' && codes.includes(code));
}
