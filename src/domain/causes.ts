interface Cause {
  code?: unknown;
  metadata?: unknown;
  name?: unknown;
  message?: string;
  cause?: unknown;
}

/**
 * An error and what caused it, outermost first; a chain that bites its tail ends too. By its looks, for an error
 * of another realm, as Node's own are within a test, is no `instanceof Error`.
 */
export function* causes(error: unknown): Generator<Cause> {
  let at = error as Cause | null | undefined;
  for (let depth = 0; typeof at === 'object' && at && depth < 8; depth++) {
    yield at;
    at = at.cause as typeof at;
  }
}
