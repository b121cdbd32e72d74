import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';

/**
 * A local activity's retries all happen within one workflow task, which a long outage would keep alive with an event
 * every few seconds and a slot of the worker. So it gets a few quick tries, and an activity of the same name, which waits
 * on the server's side, has the rest of the patience. What is thrown as non-retryable is believed at once.
 */
export function locallyFirst<Args extends unknown[], Result>(
  local: (...args: Args) => Promise<Result>,
  patient: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await local(...args);
    } catch (error) {
      if (isCancellation(error) || isHopeless(error)) throw error;
      return await patient(...args);
    }
  };
}

function isHopeless(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}
