import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Provenance } from '../../domain/provenance.ts';

/**
 * A hash over all that can change a look's numbers. An artifact that carries the same one may be used in place of
 * looking again.
 */
export function fingerprintOf(provenance: Provenance): string {
  return createHash('sha256').update(canonicalJson(provenance)).digest('hex');
}
