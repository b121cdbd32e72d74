import type { Progress } from '../../database/jobs/record-progress.ts';
import type { Artifact } from '../../domain/artifact.ts';
import type { Session } from '../../domain/job.ts';
import type { MriTasks } from '../../kinds/mri/child/tasks.ts';
import type { MriModels } from '../../kinds/mri/mri-models.ts';
import type { Look, ResultColumns } from '../../kinds/mri/tables/persist-result.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';
import type { FetchOriginal } from '../originals/fetch-original.ts';

/** What the activities that look at a head are made of. */
export interface MriNeeds {
  store: ArtifactStore;
  fetchOriginal: FetchOriginal;
  pool: TaskPool<MriTasks>;
  models: MriModels;
  softwareVersion: string;
  /** A folder of this worker alone. */
  scratch: string;
  /** That compute one inference together. */
  threads: number;
  /** @throws NotFound */
  readSession(id: string): Promise<Session>;
  recordProgress(progress: Progress): Promise<void>;
  /** @throws StaleAttempt */
  persistResult(
    job: JobReference,
    look: Look,
    columns: ResultColumns,
    artifacts: readonly Artifact[],
  ): Promise<void>;
  log: ActivityLog;
}
