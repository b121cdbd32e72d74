import { ApplicationFailure } from '@temporalio/common';
import { DoubletakeError } from '../domain/errors.ts';
import { type FailureCount, oneMore } from './failure-count.ts';

/**
 * The types that another try may help but hours of tries can't, and how often each is believed to be bad luck: S3
 * refusing, and what a bug or a broken dependency throws. Attempts lost to an outage, or to another type, don't count.
 */
const fewTries: Readonly<Record<string, number>> = { StorageRefused: 3, Unexpected: 5 };

/** Errors of the system that say a server is away, not that the request was wrong. */
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

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
    // A decoder was tried again within the activity (`patientPool`), so its loss here is the file's doing.
    const hopeless =
      !error.retryable || type === 'DecoderCrashed' || (type === 'DatabaseWriteError' && isOurs(error));
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
  return 'presence' in error ? [error.presence] : 'key' in error ? [{ key: error.key }] : undefined;
}

function* causes(error: unknown): Generator<Error & { code?: unknown }> {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) yield at;
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention): the server, not the statement. */
function isDatabaseAway(error: Error): boolean {
  for (const { code, message } of causes(error)) {
    if (typeof code === 'string' && (away.has(code) || /^(08|53|57)\w{3}$/.test(code))) return true;
    if (
      /Connection terminated|timeout exceeded when trying to connect|Query read timeout|connection error and is not queryable/i.test(
        message,
      )
    )
      return true;
  }
  return false;
}

/** A full disk or too many open files: an operator's to mend, another machine's to avoid, and no fault of the file. */
function isOutOfRoom(error: Error): boolean {
  const codes = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
  return [...causes(error)].some(({ code }) => typeof code === 'string' && codes.includes(code));
}

/** SQLSTATE classes 22, 23, 42: the data or the statement is wrong and stays so. */
function isOurs(error: Error): boolean {
  return [...causes(error)].some(({ code }) => typeof code === 'string' && /^(22|23|42)\w{3}$/.test(code));
}
