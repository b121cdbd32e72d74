import { createHash } from 'node:crypto';
import type { Provenance } from '../../domain/provenance.ts';

/**
 * A hash over all that can change a look's numbers. An artifact that carries the same one may be used in place of
 * looking again.
 */
export function fingerprintOf(provenance: Provenance): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(provenance)))
    .digest('hex');
}

/** Keys in the order of the alphabet, so that equal values print equally. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}
