import type { Job } from '../../domain/job.ts';
import type { CameraOptions } from '../../domain/kinds/camera.ts';
import { isOfCamera, objectsOf } from '../../kinds/camera/events/event-objects.ts';
import type { EventPlace, EventStore, EventWithKey } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

export interface CameraUpkeepNeeds {
  store: Pick<ArtifactStore, 'deleteKeys' | 'head'>;
  events: EventStore;
  /** Null for a job that is not there any more. */
  findJob(jobId: string): Promise<Pick<Job, 'phase' | 'options'> | null>;
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
/** Events whose objects are looked for in one run, and requests to S3 at once. */
const lookedFor = 2000;
const requestsAtOnce = 16;
/** An event that was written so lately, ms, is still in its job's hands. */
const settled = 3_600_000;

/** What keeps a camera's events in order while no job looks after them. */
export function makeCameraUpkeep({ store, events, findJob, log }: CameraUpkeepNeeds) {
  /** A live source is watched for as long as it lasts, and its events go by their age like all others. */
  async function watchesRecording(jobId: string): Promise<boolean> {
    const job = await findJob(jobId);
    if (!job || (job.options as CameraOptions).url !== undefined) return false;
    return job.phase === 'queued' || job.phase === 'running';
  }

  /** @returns how many; none where all that are left are of jobs that have yet to promise them */
  async function beginRemovalOfExpired(days: number, watching: Set<string>): Promise<number> {
    for (;;) {
      const expired = await events.expiredEvents(days, new Date(), chunk, [...watching]);
      const known = watching.size;
      for (const id of new Set(expired.map(({ job_id }) => job_id)))
        if (id !== null && (await watchesRecording(id))) watching.add(id);
      const begun = await events.beginRemovals(
        expired.filter(({ job_id }) => job_id === null || !watching.has(job_id)),
      );
      if (begun > 0 || watching.size === known) return begun;
    }
  }

  async function missing(those: readonly EventWithKey[], signal: AbortSignal): Promise<Set<string>> {
    const keys = [...new Set(those.flatMap(kept))];
    const gone = new Set<string>();
    for (let first = 0; first < keys.length; first += requestsAtOnce) {
      signal.throwIfAborted();
      const some = keys.slice(first, first + requestsAtOnce);
      const heads = await Promise.all(some.map((key) => store.head(key)));
      for (const [n, key] of some.entries()) if (!heads[n]) gone.add(key);
    }
    return gone;
  }

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
     * Hides what is too old, then removes its objects, then its rows; and whatever somebody else began to remove and did not
     * finish. What stops in between is finished by the next run, and nobody sees it meanwhile.
     * @param days how long events are kept where their camera does not say
     * @returns how many went; more may be left when it is not 0
     */
    removeExpiredEvents: ({ days }: { days: number }): Promise<number> =>
      whileHeartbeating(async (signal, detail) => {
        let removed = 0;
        const watching = new Set<string>();
        for (let run = 0; run < chunksOfRun; run++) {
          signal.throwIfAborted();
          let going = await events.removedEvents(chunk);
          if (going.length === 0 && (await beginRemovalOfExpired(days, watching)) > 0)
            going = await events.removedEvents(chunk);
          if (going.length === 0) break;
          const keys = going.flatMap((event) => objectsOf(event.camera_key, event));
          for (let first = 0; first < keys.length; first += atOnce) {
            await store.deleteKeys(keys.slice(first, first + atOnce), { signal });
          }
          removed += await events.deleteEvents(going);
          detail({ removed });
        }
        return removed;
      }),

    /**
     * Takes the keys of objects that are not in S3 any more out of the events that name them.
     * @returns where to go on; null at the end
     */
    forgetMissingObjects: ({
      after,
    }: {
      after: EventPlace | null;
    }): Promise<{ after: EventPlace | null; forgotten: number }> =>
      whileHeartbeating(async (signal) => {
        const those = await events.eventsWithObjects(new Date(Date.now() - settled), after, lookedFor);
        const gone = await missing(those, signal);
        let forgotten = 0;
        for (const event of those) {
          const keys = kept(event).filter((key) => gone.has(key));
          if (keys.length === 0 || !(await events.forgetObjects(event, keys))) continue;
          const { owner, camera_id, event_id } = event;
          log.warn(
            { owner, camera_id, event_id, keys },
            'Objects of an event were gone: it no longer names them',
          );
          forgotten++;
        }
        const last = those.at(-1);
        const goesOn = last && those.length === lookedFor;
        return { after: goesOn ? { owner: last.owner, event_id: last.event_id } : null, forgotten };
      }),
  };
}

export type CameraUpkeep = ReturnType<typeof makeCameraUpkeep>;

/** What an event names that is to be kept here: a box's own paths are not, and a recording goes with its session. */
function kept({ camera_key, image_path, json_log_path, clip }: EventWithKey): string[] {
  return [image_path, json_log_path, clip?.key ?? null].filter(
    (key): key is string => key !== null && isOfCamera(camera_key, key),
  );
}
