import { dirname } from 'node:path/posix';
import { jobPrefix } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

/** Everything the jobs wrote and the originals named, with what lies beside them (a resumable upload's own notes). */
export function makeDeleteObjects({ store }: { store: Pick<ArtifactStore, 'deletePrefix' | 'deleteKeys'> }) {
  return async function deleteObjects(what: { job_ids: string[]; original_keys: string[] }): Promise<number> {
    return whileHeartbeating(async () => {
      let deleted = 0;
      for (const id of what.job_ids) deleted += await store.deletePrefix(jobPrefix(id));
      for (const key of what.original_keys) {
        if (key.split('/').length >= 4) deleted += await store.deletePrefix(`${dirname(key)}/`);
        else await store.deleteKeys([key]);
      }
      return deleted;
    });
  };
}
