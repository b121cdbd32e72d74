import { artifactKey } from '../../domain/artifact.ts';
import type { RecordingInfo } from '../../kinds/camera/child/inspect-recording.ts';
import type { Mask, Zone } from '../../kinds/camera/events/camera.ts';
import type { TimeSource } from '../../kinds/camera/events/event.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** What a job of a recording works by from its beginning to its end, whatever is changed meanwhile. */
export interface WatchPlan {
  source_sha256: string;
  recording: RecordingInfo;
  /** When the recording began, ISO 8601 in UTC. */
  started_at: string;
  time_source: TimeSource;
  /** The camera as it was when the job began. */
  camera: {
    camera_id: string;
    /** The folder of its objects. */
    key: string;
    time_zone: string;
    version: number;
    zones: readonly Zone[];
    masks: readonly Mask[];
  };
}

export const planName = 'plan.json';

/** Null where the job has not planned yet. @throws ObjectMissing when it goes between two requests */
export async function readPlan(
  store: Pick<ArtifactStore, 'head' | 'get'>,
  jobId: string,
): Promise<WatchPlan | null> {
  const key = artifactKey(jobId, 'processing', planName);
  if (!(await store.head(key))) return null;
  return JSON.parse((await store.get(key)).toString()) as WatchPlan;
}
