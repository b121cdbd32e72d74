import type { Progress } from '../../database/jobs/record-progress.ts';
import type { Provenance } from '../../domain/provenance.ts';
import { lookRevision } from '../../kinds/technique/analysis/look.ts';
import type { TechniqueTasks } from '../../kinds/technique/child/tasks.ts';
import type { TechniqueModels } from '../../kinds/technique/technique-models.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { VideoLimits } from '../../media/video/video-index.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { FetchOriginal } from '../originals/fetch-original.ts';
import type { IndexOf } from './video-indexes.ts';

export type TechniquePool = TaskPool<TechniqueTasks>;

/** What looking needs: what every activity on the compute queue is made with. */
export interface TechniqueNeeds {
  store: ArtifactStore;
  /** For the log lines. */
  bucket: string;
  fetchOriginal: FetchOriginal;
  pool: TechniquePool;
  models: TechniqueModels;
  indexOf: IndexOf;
  limits: VideoLimits;
  /** Frames of a segment of the deep pass, about. */
  segmentFrames: number;
  /** Activities of the compute queue that this worker does at once. */
  concurrency: number;
  softwareVersion: string;
  recordProgress(progress: Progress): Promise<void>;
  log: ActivityLog;
}

/** The version as Semantic Versioning has it, with the look's revision as build metadata. */
export function provenanceOf(
  { models, softwareVersion }: Pick<TechniqueNeeds, 'models' | 'softwareVersion'>,
  sourceSha256: string,
  parameters: Record<string, unknown>,
): Provenance {
  return {
    software: { name: 'doubletake', version: `${softwareVersion}+look.${lookRevision}` },
    models: [
      { name: 'movenet-singlepose-lightning', sha256: models.pose.sha256 },
      { name: 'centernet-coco-512', sha256: models.detector.sha256 },
    ],
    parameters,
    source_sha256: sourceSha256,
  };
}
