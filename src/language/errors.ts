import { DoubletakeError } from '../domain/errors.ts';

/**
 * How an endpoint failed. No message repeats what the endpoint said: an answer may echo the key or the prompt, and is a
 * stranger's text in any case. For the same reason none of them has the library's error as its cause. Nor does one name the
 * host: users read them.
 */

/** Out of reach, too slow, overloaded or failing: it may be well again later. */
export class EndpointUnavailable extends DoubletakeError {
  readonly type = 'EndpointUnavailable';
  override readonly retryable = true;
  /** How long the endpoint asked to be left alone. */
  readonly retry_after_ms: number | undefined;
  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retry_after_ms = retryAfterMs;
  }
}

/** It answered, and refused this request: a wrong key, an unknown model, a picture too large. The next try would end the same. */
export class EndpointRefused extends DoubletakeError {
  readonly type = 'EndpointRefused';
}

/** It answered with success, and the answer is none: a page of a proxy, broken JSON, a text that was cut. */
export class EndpointNonsense extends DoubletakeError {
  readonly type = 'EndpointNonsense';
  override readonly retryable: boolean;
  constructor(message: string, { retryable = true } = {}) {
    super(message);
    this.retryable = retryable;
  }
}

export type EndpointFailure = EndpointUnavailable | EndpointRefused | EndpointNonsense;

export function isEndpointFailure(error: unknown): error is EndpointFailure {
  return (
    error instanceof EndpointUnavailable ||
    error instanceof EndpointRefused ||
    error instanceof EndpointNonsense
  );
}
