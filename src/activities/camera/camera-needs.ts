import type { Progress } from '../../database/jobs/record-progress.ts';
import type { CameraOptions } from '../../domain/kinds/camera.ts';
import type { CameraTasks } from '../../kinds/camera/child/tasks.ts';
import type { EventStore } from '../../kinds/camera/events/event-store.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ModelFile } from '../../media/models/load-model.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobOfSession } from '../job-reference.ts';
import type { FetchOriginal } from '../originals/fetch-original.ts';

/** What the activities that watch a recording are made of. */
export interface CameraNeeds {
  store: ArtifactStore;
  events: EventStore;
  fetchOriginal: FetchOriginal;
  pool: TaskPool<CameraTasks>;
  detector: ModelFile;
  limits: { pixels: number };
  /** Frames of a chunk; what one takes is what a killed worker costs. */
  chunkFrames: number;
  softwareVersion: string;
  /** A folder of this worker alone. */
  scratch: string;
  /** @throws NotFound */
  uploadOf(sessionId: string): Promise<{ at: Date; key: string }>;
  recordProgress(progress: Progress): Promise<void>;
  log: ActivityLog;
}

export interface CameraJob extends JobOfSession {
  user_id: string;
  options: CameraOptions;
}
