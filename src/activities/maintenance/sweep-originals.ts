import type { Upload } from '../../database/uploads/find-upload.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { folderOfOriginal, uploadIdOf } from './original-folder.ts';
import { refuseWrongDatabase } from './refuse-wrong-database.ts';
import { inBatches, type Sweep } from './sweep.ts';

export interface OriginalSweepNeeds {
  store: Pick<ArtifactStore, 'list' | 'deleteKeys'>;
  whichOriginalsExist(keys: readonly string[]): Promise<Set<string>>;
  findUpload(id: string): Promise<Upload | null>;
}

/** Old objects among the originals that neither a session nor an upload claims. Returns how many went. */
export function makeSweepOriginals({ store, whichOriginalsExist, findUpload }: OriginalSweepNeeds) {
  async function orphans({ isOld, signal }: Sweep): Promise<string[]> {
    const found: string[] = [];
    let kept = 0;
    for await (const objects of inBatches(store.list('originals/'))) {
      signal.throwIfAborted();
      const old = objects.filter(isOld).map(({ key }) => key);
      const claimed = await whichOriginalsExist(old);
      kept += claimed.size;
      for (const key of old) if (!claimed.has(key) && !(await isOfUnfinishedUpload(key))) found.push(key);
    }
    refuseWrongDatabase(found.length, kept, 'originals');
    return found;
  }

  /** The tus protocol keeps `<key>.info` and `<key>.part` until the last byte has come. */
  async function isOfUnfinishedUpload(key: string): Promise<boolean> {
    const id = uploadIdOf(key);
    if (!id || !isUuid(id) || !/\.(info|part)$/.test(key)) return false;
    const upload = await findUpload(id);
    return upload !== null && !upload.completed_at;
  }

  return async function sweepOriginals(sweep: Sweep): Promise<number> {
    let removed = 0;
    for (const keys of Map.groupBy(await orphans(sweep), folderOfOriginal).values()) {
      sweep.signal.throwIfAborted();
      const gone = await sweep.refusals.unlessRefused(async () => {
        await store.deleteKeys(keys);
        return keys.length;
      });
      removed += gone ?? 0;
    }
    return removed;
  };
}
