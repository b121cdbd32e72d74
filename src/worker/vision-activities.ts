import type { ActivityLog } from '../activities/activity-log.ts';
import { atEndOfActivity } from '../activities/at-end-of-activity.ts';
import { makeFetchOriginal } from '../activities/originals/fetch-original.ts';
import { openOriginalCache } from '../activities/originals/original-cache.ts';
import { makeTechniqueVisionActivities } from '../activities/technique/technique-activities.ts';
import { videoIndexes } from '../activities/technique/video-indexes.ts';
import { patientPool, type VisionModels, type VisionPool } from '../activities/technique/vision.ts';
import type { Database } from '../database/database.ts';
import { findJob } from '../database/find-job.ts';
import { findSession } from '../database/find-session.ts';
import { recordProgress } from '../database/record-progress.ts';
import { recordSourceHash } from '../database/record-source-hash.ts';
import type { VideoLimits } from '../media/video/video-index.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

export interface VisionParts {
  database: Database;
  store: ArtifactStore;
  log: ActivityLog;
  pool: VisionPool;
  models: VisionModels;
  bucket: string;
  scratch: string;
  cacheBytes: number;
  segmentFrames: number;
  limits: VideoLimits;
  softwareVersion: string;
}

/** What the vision queue's activities are made of. */
export function visionActivities({ database, scratch, cacheBytes, limits, ...parts }: VisionParts) {
  const { store, log } = parts;
  const pool = patientPool(parts.pool, log);
  return makeTechniqueVisionActivities({
    ...parts,
    pool,
    indexOf: videoIndexes(pool, limits),
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
    recordProgress: (progress) => recordProgress(database, progress),
    findJob: (jobId, userId) => findJob(database, jobId, { userId }),
  });
}
