import type { Kinds } from '../../domain/kind-registry.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { RecordsOf } from '../kind-records.ts';
import { inBatches, type Sweep } from './sweep.ts';

export interface LastingSweepNeeds {
  kinds: Kinds;
  store: Pick<ArtifactStore, 'list' | 'deleteKeys'>;
  recordsOf: RecordsOf;
}

/**
 * What lies under the prefixes that kinds own, is older than the grace and is claimed by no row of the kind: its row was
 * never written, or is gone. Returns how many objects were removed.
 */
export function makeSweepLasting({ kinds, store, recordsOf }: LastingSweepNeeds) {
  return async function sweepLasting({ isOld, signal, refusals }: Sweep): Promise<number> {
    let removed = 0;
    for (const { kind, lastingPrefixes = [] } of kinds.all) {
      if (lastingPrefixes.length === 0) continue;
      const claimedBy = recordsOf(kind).whichKeysAreClaimed;
      if (!claimedBy) throw new RangeError(`The kind "${kind}" does not say which objects its rows claim.`);
      for (const prefix of lastingPrefixes) {
        for await (const objects of inBatches(store.list(prefix))) {
          signal.throwIfAborted();
          const old = objects.filter(isOld).map(({ key }) => key);
          const claimed = old.length > 0 ? await claimedBy(old) : new Set<string>();
          const left = old.filter((key) => !claimed.has(key));
          if (left.length === 0) continue;
          const gone = await refusals.unlessRefused(() => store.deleteKeys(left).then(() => left.length));
          removed += gone ?? 0;
        }
      }
    }
    return removed;
  };
}
