import { isUuid } from '../../domain/uuid.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { refuseWrongDatabase } from './refuse-wrong-database.ts';
import { inBatches, type Sweep } from './sweep.ts';

export interface JobSweepNeeds {
  store: Pick<ArtifactStore, 'list' | 'listPrefixes' | 'deleteKeys'>;
  whichJobsExist(ids: readonly string[]): Promise<Set<string>>;
}

/** Old objects of jobs that have no row. Returns how many went. */
export function makeSweepJobObjects({ store, whichJobsExist }: JobSweepNeeds) {
  async function orphans({ isOld, signal }: Sweep): Promise<string[]> {
    const found: string[] = [];
    let claimed = 0;
    for await (const prefixes of inBatches(store.listPrefixes('jobs/', '/'))) {
      const idOf = (prefix: string) => prefix.split('/')[1] ?? '';
      const there = await whichJobsExist(prefixes.map(idOf).filter(isUuid));
      claimed += there.size;
      for (const prefix of prefixes) {
        signal.throwIfAborted();
        if (!there.has(idOf(prefix)) && (await anyOf(store.list(prefix), isOld))) found.push(prefix);
      }
    }
    refuseWrongDatabase(found.length, claimed, 'jobs');
    return found;
  }

  async function remove(prefix: string, { isOld, signal }: Sweep): Promise<number> {
    let removed = 0;
    for await (const objects of inBatches(store.list(prefix))) {
      signal.throwIfAborted();
      const keys = objects.filter(isOld).map(({ key }) => key);
      await store.deleteKeys(keys);
      removed += keys.length;
    }
    return removed;
  }

  return async function sweepJobObjects(sweep: Sweep): Promise<number> {
    let removed = 0;
    for (const prefix of await orphans(sweep))
      removed += (await sweep.refusals.unlessRefused(() => remove(prefix, sweep))) ?? 0;
    return removed;
  };
}

async function anyOf<T>(items: AsyncIterable<T>, is: (item: T) => boolean): Promise<boolean> {
  for await (const item of items) if (is(item)) return true;
  return false;
}
