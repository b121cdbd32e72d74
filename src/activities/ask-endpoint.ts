import { Context } from '@temporalio/activity';
import { SecretMissing } from '../domain/errors.ts';
import { type EndpointFailure, isEndpointFailure } from '../language/errors.ts';
import { type FailureCount, failuresBefore, oneMore } from './failure-count.ts';

/** How asking an endpoint ended, over all attempts of the activity. */
export interface Asked<T> {
  /** Null where it was given up. */
  answer: T | null;
  /** How often the endpoint failed, by type. */
  failures: FailureCount;
  /** How it failed last, in our words; null where it did not. */
  last: string | null;
}

/** How often an endpoint may fail before the activity goes on without it. */
export const endpointTries = 4;

const ofEndpoint = ['EndpointUnavailable', 'EndpointNonsense', 'EndpointRefused', 'SecretMissing'];

/** Whether an endpoint is to blame, or what is needed to ask it: a key that an operator has yet to provide fails no job. */
export function isOfEndpoint(error: unknown): error is EndpointFailure | SecretMissing {
  return isEndpointFailure(error) || error instanceof SecretMissing;
}

/**
 * Asks an endpoint that the activity can do without. Where it failed and may do better, its failure is thrown, for Temporal
 * to try again after a while; where it has failed often enough, or would fail again, the activity is told to go on.
 */
export async function askEndpoint<T>(ask: () => Promise<T>): Promise<Asked<T>> {
  const before = Object.fromEntries(
    Object.entries(failuresBefore(Context.current())).filter(([type]) => ofEndpoint.includes(type)),
  );
  try {
    return { answer: await ask(), failures: before, last: null };
  } catch (error) {
    if (!isOfEndpoint(error)) throw error;
    const failures = oneMore(before, error.type);
    const times = Object.values(failures).reduce((sum, each) => sum + each, 0);
    if (error.retryable && times < endpointTries) throw error;
    return { answer: null, failures, last: error.message };
  }
}
