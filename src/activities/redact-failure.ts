import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { redactValues } from '../domain/redact-values.ts';

type Redact = (text: string) => string;

/** Temporal's own converter follows causes to their end; so many are told. */
const mostCauses = 10;

/**
 * What an activity fails with, as Temporal will keep it: message, stack, details and the chain of causes, redacted.
 * A copy, for the error may be somebody else's, and may hold more than Temporal is told.
 */
export function redactFailure(error: Error, redact: Redact): Error {
  return redacted(error, redact, mostCauses);
}

function redacted(error: Error, redact: Redact, causesLeft: number): Error {
  // Not a failure but a sign by which the SDK knows that somebody else completes the activity.
  if (error.name === 'CompleteAsyncError') return error;
  const copy = copyOf(error, redact, causeOf(error, redact, causesLeft));
  copy.stack = redact(error.stack ?? '');
  return copy;
}

function copyOf(error: Error, redact: Redact, cause: Error | undefined): Error {
  const message = redact(error.message);
  if (error instanceof ApplicationFailure) {
    const { type, nonRetryable, nextRetryDelay, category } = error;
    const details = redactValues(error.details, redact) as unknown[] | undefined;
    return new ApplicationFailure(message, type, nonRetryable, details, cause, nextRetryDelay, category);
  }
  if (error instanceof CancelledFailure) {
    return new CancelledFailure(message, redactValues(error.details, redact) as unknown[], cause);
  }
  const copy = new Error(message, cause && { cause });
  copy.name = error.name;
  return copy;
}

/** A cause may be anything: a text from a child process, an object of a library, an error of another realm. */
function causeOf(error: Error, redact: Redact, causesLeft: number): Error | undefined {
  const { cause } = error;
  if (cause === undefined || cause === null || causesLeft === 0) return undefined;
  if (looksLikeError(cause)) return redacted(cause, redact, causesLeft - 1);
  const told = new Error(
    redact(typeof cause === 'string' ? cause : `The cause is no error but of type ${typeof cause}.`),
  );
  told.stack = '';
  return told;
}

function looksLikeError(cause: unknown): cause is Error {
  return (
    typeof cause === 'object' && cause !== null && 'message' in cause && typeof cause.message === 'string'
  );
}
