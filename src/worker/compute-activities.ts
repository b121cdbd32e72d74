import { atEndOfActivity } from '../activities/at-end-of-activity.ts';
import { makeFetchOriginal } from '../activities/originals/fetch-original.ts';
import { openOriginalCache } from '../activities/originals/original-cache.ts';
import { findSession } from '../database/sessions/find-session.ts';
import { recordSourceHash } from '../database/sessions/record-source-hash.ts';
import type { ComputeKind } from './compute-kinds.ts';
import type { Activities, ComputeParts } from './kind-at-work.ts';
import { mergeActivities } from './merge-activities.ts';

export interface ComputeSettings extends Omit<ComputeParts, 'fetchOriginal'> {
  cacheBytes: number;
}

/** What the compute queue's activities are made of. */
export function computeActivities(
  kinds: readonly ComputeKind[],
  { cacheBytes, ...parts }: ComputeSettings,
): Activities {
  const { database, store } = parts;
  const shared: ComputeParts = {
    ...parts,
    fetchOriginal: makeFetchOriginal({
      cache: openOriginalCache({
        folder: parts.scratch,
        maxBytes: cacheBytes,
        download: (key, path, options) => store.download(key, path, options),
        atEnd: atEndOfActivity,
      }),
      findSession: (id) => findSession(database, id, {}),
      recordSourceHash: (id, sha256) => recordSourceHash(database, id, sha256),
    }),
  };
  return mergeActivities(kinds.map((kind) => kind.activities(shared)));
}
