import { atEndOfActivity } from '../activities/at-end-of-activity.ts';
import { makeFetchOriginal } from '../activities/originals/fetch-original.ts';
import { openOriginalCache } from '../activities/originals/original-cache.ts';
import { findSession } from '../database/find-session.ts';
import { recordSourceHash } from '../database/record-source-hash.ts';
import type { Activities, SharedVisionParts } from './kinds/kind-at-work.ts';
import type { VisionKind } from './vision-kinds.ts';

export interface VisionParts extends Omit<SharedVisionParts, 'fetchOriginal'> {
  scratch: string;
  cacheBytes: number;
}

/** What the vision queue's activities are made of. */
export function visionActivities(
  kinds: readonly VisionKind[],
  { scratch, cacheBytes, ...parts }: VisionParts,
): Activities {
  const { database, store } = parts;
  const shared: SharedVisionParts = {
    ...parts,
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
  return Object.assign({}, ...kinds.map((kind) => kind.activities(shared)));
}
