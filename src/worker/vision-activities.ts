import { atEndOfActivity } from '../activities/at-end-of-activity.ts';
import { makeFetchOriginal } from '../activities/originals/fetch-original.ts';
import { openOriginalCache } from '../activities/originals/original-cache.ts';
import { patientPool } from '../activities/vision-pool.ts';
import { findSession } from '../database/find-session.ts';
import { recordSourceHash } from '../database/record-source-hash.ts';
import { kindsAtWork } from './kinds/index.ts';
import type { SharedVisionParts } from './kinds/kind-at-work.ts';

export interface VisionParts extends Omit<SharedVisionParts, 'fetchOriginal'> {
  scratch: string;
  cacheBytes: number;
}

/** What the vision queue's activities are made of. */
export function visionActivities({ scratch, cacheBytes, ...parts }: VisionParts) {
  const { database, store, log } = parts;
  const shared: SharedVisionParts = {
    ...parts,
    pool: patientPool(parts.pool, log),
    fetchOriginal: makeFetchOriginal({
      cache: openOriginalCache({
        folder: scratch,
        maxBytes: cacheBytes,
        download: (key, path, options) => store.download(key, path, options),
        atEnd: atEndOfActivity,
      }),
      findSession: (id) => findSession(database, id, {}),
      recordSourceHash: (id, sha256) => recordSourceHash(database, id, sha256),
    }),
  };
  return Object.assign({}, ...Object.values(kindsAtWork).map((kind) => kind.vision?.(shared)));
}
