import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { TechniqueNeeds } from '../../../src/activities/technique/technique-needs.ts';
import { videoIndexes } from '../../../src/activities/technique/video-indexes.ts';
import { techniqueTasks } from '../../../src/kinds/technique/child/task-module.ts';
import type { TechniqueTasks } from '../../../src/kinds/technique/child/tasks.ts';
import { openChildPool } from '../../../src/media/child-pool.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { shippedModels } from '../../support/media/shipped.ts';
import { usualLimits } from '../../support/media/usual-limits.ts';
import { createTestBucket } from '../../support/servers.ts';

export interface TechniqueRooms {
  store: ArtifactStore;
  /** For a job on the local file at `path`. */
  needs(path: string): TechniqueNeeds;
  close(): Promise<void>;
}

/** A bucket, a child pool, and what the technique's activities are made with. */
export async function openTechniqueRooms(): Promise<TechniqueRooms> {
  const bucket = await createTestBucket();
  const store = openStore({ bucket: bucket.name, forcePathStyle: true });
  const pool = openChildPool<TechniqueTasks>({ modules: [techniqueTasks], size: 2 });
  return {
    store,
    needs: (path) => ({
      store,
      bucket: bucket.name,
      fetchOriginal: async () => ({ path, sha256: sha256Of(path) }),
      pool,
      models: shippedModels,
      indexOf: videoIndexes(pool, usualLimits),
      limits: usualLimits,
      segmentFrames: 40,
      concurrency: 2,
      softwareVersion: '0.0.0-test',
      recordProgress: async () => {},
      log: { info() {}, warn() {}, error() {} },
    }),
    async close() {
      await pool.close();
      await bucket.remove();
    },
  };
}

export function newJob() {
  return { job_id: randomUUID(), attempt: 1, session_id: randomUUID(), file_name: 'clip.mp4' };
}

/** As a worker runs it. */
export function run<Given, Answer>(
  activity: (given: Given) => Promise<Answer>,
  given: Given,
): Promise<Answer> {
  return new MockActivityEnvironment().run(activity, given);
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
