import type { KindRecords, RecordsOf } from '../activities/kind-records.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';

/** How each kind's rows are read and written, by the kind's word. */
export function openRecords(kinds: KindsAtWork, parts: SharedParts): RecordsOf {
  const byKind = new Map<string, KindRecords>();
  for (const [kind, { records }] of Object.entries(kinds)) byKind.set(kind, records(parts));
  return (kind) => {
    const found = byKind.get(kind);
    if (!found) throw new RangeError(`This worker knows no kind "${kind}".`);
    return found;
  };
}
