import type { Job } from '../../domain/job.ts';
import { camerasPrefix } from '../../kinds/camera/events/event-objects.ts';
import type { EventStore, StoredEvent } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

export interface CameraUpkeepNeeds {
  store: Pick<ArtifactStore, 'deleteKeys'>;
  events: EventStore;
  /** Null for a job that is not there any more. */
  findJob(jobId: string): Promise<Pick<Job, 'phase'> | null>;
  log: ActivityLog;
}

/** Events that go in one transaction. */
const chunk = 5000;
/** S3 deletes so many objects in one request. */
const atOnce = 1000;
/** Chunks of one run of the activity: the workflow asks again. */
const chunksOfRun = 20;
/** Jobs that are looked at in one run. */
const jobsOfRun = 1000;

/** What keeps a camera's events in order while no job looks after them. */
export function makeCameraUpkeep({ store, events, findJob, log }: CameraUpkeepNeeds) {
  return {
    /** Events that a job left open which was terminated, or lost with its worker: closed with what was last written. */
    closeAbandonedEvents: (): Promise<number> =>
      whileHeartbeating(async (signal) => {
        let closed = 0;
        for (const { owner, job_id } of await events.jobsWithOpenEvents(jobsOfRun)) {
          signal.throwIfAborted();
          const phase = (await findJob(job_id))?.phase;
          if (phase === 'queued' || phase === 'running') continue;
          closed += await events.closeEventsOfJob(owner, job_id, 'stopped');
        }
        if (closed > 0) log.warn({ closed }, 'Events that ended jobs had left open were closed');
        return closed;
      }),

    /**
     * Objects first, then rows: what stops in between leaves rows whose objects are gone, and the next run removes them.
     * @param days how long events are kept where their camera does not say
     * @returns how many went; more may be left when it is not 0
     */
    removeExpiredEvents: ({ days }: { days: number }): Promise<number> =>
      whileHeartbeating(async (signal, detail) => {
        let removed = 0;
        for (let run = 0; run < chunksOfRun; run++) {
          signal.throwIfAborted();
          const expired = await events.expiredEvents(days, new Date(), chunk);
          if (expired.length === 0) break;
          const keys = expired.flatMap(objectsOf);
          for (let first = 0; first < keys.length; first += atOnce) {
            await store.deleteKeys(keys.slice(first, first + atOnce), { signal });
          }
          removed += await events.deleteEvents(expired);
          detail({ removed });
        }
        return removed;
      }),
  };
}

export type CameraUpkeep = ReturnType<typeof makeCameraUpkeep>;

/** Those of its objects that go with it: a recording, from which its clip is cut, is its job's. */
export function objectsOf({ image_path, json_log_path, clip }: StoredEvent): string[] {
  return [image_path, json_log_path, clip?.key ?? null].filter(
    (key): key is string => key?.startsWith(camerasPrefix) === true,
  );
}
