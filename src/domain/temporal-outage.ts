import { causes } from './causes.ts';

/**
 * gRPC codes that say nothing about the one request and all about the service: CANCELLED, DEADLINE_EXCEEDED,
 * PERMISSION_DENIED, UNAVAILABLE, UNAUTHENTICATED. (RESOURCE_EXHAUSTED may be one request that is too large.)
 */
const serviceCodes: readonly unknown[] = [1, 4, 7, 14, 16];

/** Whether trying the next entry would fail the same way: Temporal is away, or turns all of us away. */
export function isTemporalOutage(error: unknown): boolean {
  for (const { code, message = '', metadata } of causes(error)) {
    // Every error of gRPC carries metadata, and no other one with a code does.
    if (metadata) return serviceCodes.includes(code) || /namespace .*not found/i.test(message);
  }
  return false;
}
