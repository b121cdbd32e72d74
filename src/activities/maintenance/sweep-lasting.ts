import type { Kinds } from '../../domain/kind-registry.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { RecordsOf } from '../kind-records.ts';
import { refuseLostRows } from './refuse-wrong-database.ts';
import { inBatches, type Sweep } from './sweep.ts';

export interface LastingSweepNeeds {
  kinds: Kinds;
  store: Pick<ArtifactStore, 'list' | 'deleteKeys'>;
  recordsOf: RecordsOf;
}

/** S3 deletes so many in one request. */
const atOnce = 1000;

/**
 * What lies under the prefixes that kinds own, is older than the grace and is claimed by no row of the kind: its row was
 * never written, or is gone. Returns how many objects were removed.
 */
export function makeSweepLasting({ kinds, store, recordsOf }: LastingSweepNeeds) {
  async function orphans(kind: string, prefix: string, { isOld, signal }: Sweep): Promise<string[]> {
    const claimedOf = recordsOf(kind).whichKeysAreClaimed;
    if (!claimedOf) throw new RangeError(`The kind "${kind}" does not say which objects its rows claim.`);
    const found: string[] = [];
    let kept = 0;
    for await (const objects of inBatches(store.list(prefix))) {
      signal.throwIfAborted();
      const old = objects.filter(isOld).map(({ key }) => key);
      const claimed = old.length > 0 ? await claimedOf(old) : new Set<string>();
      kept += claimed.size;
      found.push(...old.filter((key) => !claimed.has(key)));
    }
    refuseLostRows(found.length, kept, `objects under ${prefix}`);
    return found;
  }

  return async function sweepLasting(sweep: Sweep): Promise<number> {
    let removed = 0;
    for (const { kind, lastingPrefixes = [] } of kinds.all) {
      for (const prefix of lastingPrefixes) {
        await sweep.failedParts.unlessFailed({ kind, prefix }, async () => {
          const left = (await sweep.refusals.unlessRefused(() => orphans(kind, prefix, sweep))) ?? [];
          for (let first = 0; first < left.length; first += atOnce) {
            sweep.signal.throwIfAborted();
            const keys = left.slice(first, first + atOnce);
            const gone = await sweep.refusals.unlessRefused(() =>
              store.deleteKeys(keys).then(() => keys.length),
            );
            removed += gone ?? 0;
          }
        });
      }
    }
    return removed;
  };
}
