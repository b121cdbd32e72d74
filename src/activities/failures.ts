import { ApplicationFailure } from '@temporalio/common';
import { isDatabaseAway, isOurs } from '../database/what-failed.ts';
import { causes } from '../domain/causes.ts';
import { ChildLost } from '../domain/child-lost.ts';
import { DoubletakeError, StaleAttempt } from '../domain/errors.ts';
import { type FailureCount, oneMore } from './failure-count.ts';

/**
 * The types that another try may help but hours of tries can't, and how often each is believed to be bad luck: S3
 * refusing, and what a bug or a broken dependency throws. Attempts lost to an outage, or to another type, don't count.
 */
const fewTries: Readonly<Record<string, number>> = { StorageRefused: 3, Unexpected: 5 };

/**
 * The one place where an error becomes Temporal's: its type by which the workflow tells it apart, and whether
 * trying again can help. An outage is waited for, however long.
 * @param before how often the activity has failed so far
 */
export function failureOf(error: unknown, before: FailureCount): Error {
  if (!(error instanceof Error)) return failureOf(new Error(String(error)), before);
  if (error instanceof ApplicationFailure || isCancellation(error)) return error;
  if (error instanceof DoubletakeError) {
    const { type, message } = error;
    const hopeless = !error.retryable || (type === 'DatabaseWriteError' && isOurs(error));
    return ApplicationFailure.create({
      type,
      message,
      nonRetryable: hopeless || wasTheLast(type, before),
      cause: error,
      details: dataOf(error),
    });
  }
  if (isDatabaseAway(error)) {
    return ApplicationFailure.retryable(
      `PostgreSQL is out of reach. ${error.message}`,
      'DatabaseUnavailable',
    );
  }
  if (isOutOfRoom(error)) {
    return ApplicationFailure.retryable(
      `The worker's machine has no room left. ${error.message}`,
      'WorkerOutOfRoom',
    );
  }
  return ApplicationFailure.create({
    type: 'Unexpected',
    message: `Something went wrong that we did not foresee: ${error.message}`,
    nonRetryable: wasTheLast('Unexpected', before),
    cause: error,
  });
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
