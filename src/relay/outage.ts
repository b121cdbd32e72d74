import { isGrpcServiceError } from '@temporalio/client';

/**
 * gRPC codes that say nothing about the one request and all about the service: CANCELLED, DEADLINE_EXCEEDED,
 * PERMISSION_DENIED, UNAVAILABLE, UNAUTHENTICATED. (RESOURCE_EXHAUSTED may be one request that is too large.)
 */
const serviceCodes: ReadonlySet<number> = new Set([1, 4, 7, 14, 16]);

/** Whether trying the next entry would fail the same way: Temporal is away, or turns all of us away. */
export function isTemporalOutage(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isGrpcServiceError(at)) return serviceCodes.has(at.code) || /namespace .*not found/i.test(at.message);
  }
  return false;
}

/** Waits that double from `first` to `most` while something fails, and start over when it works again. */
export function backoff(firstMs: number, mostMs: number) {
  let next = firstMs;
  return {
    wait(): number {
      const now = next;
      next = Math.min(next * 2, mostMs);
      return now;
    },
    reset(): void {
      next = firstMs;
    },
  };
}
