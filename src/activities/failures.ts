import { ApplicationFailure } from '@temporalio/common';
import { DoubletakeError } from '../domain/errors.ts';

/** So many tries where another one may help but hours of them can't. */
const fewAttempts = 3;

/** What a bug or a broken dependency throws is tried so often: enough for a hiccup, not for ever. */
const unexpectedAttempts = 5;

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
 * trying again can help. Outages are tried again until the activity's own deadline, hours away.
 */
export function failureOf(error: unknown, attempt: number): Error {
  if (!(error instanceof Error)) return failureOf(new Error(String(error)), attempt);
  if (error instanceof ApplicationFailure || isCancellation(error)) return error;
  if (error instanceof DoubletakeError) {
    const { type, message } = error;
    const few = type === 'StorageRefused' || type === 'DecoderCrashed';
    const hopeless =
      !error.retryable || (few && attempt >= fewAttempts) || (type === 'DatabaseWriteError' && isOurs(error));
    return ApplicationFailure.create({
      type,
      message,
      nonRetryable: hopeless,
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
    nonRetryable: attempt >= unexpectedAttempts,
    cause: error,
  });
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
