import { jobPrefix } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { folderOfOriginal } from './original-folder.ts';

/** Everything the jobs wrote, and the originals with what their upload kept beside them. Returns how many objects went. */
export function makeRemoveObjects({ store }: { store: Pick<ArtifactStore, 'deletePrefix'> }) {
  return async function removeObjects(what: { job_ids: string[]; original_keys: string[] }): Promise<number> {
    return whileHeartbeating(async (signal) => {
      let removed = 0;
      for (const prefix of [...what.job_ids.map(jobPrefix), ...what.original_keys.map(folderOfOriginal)]) {
        signal.throwIfAborted();
        removed += await store.deletePrefix(prefix);
      }
      return removed;
    });
  };
}
