import type { Artifact } from '../../domain/artifact.ts';
import { artifactKey } from '../../domain/artifact.ts';
import type { SeenRecording } from '../../kinds/camera/analysis/result.ts';
import type { StoredEvent } from '../../kinds/camera/events/event-store.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import type { CameraJob, CameraNeeds } from './camera-needs.ts';
import { isWhole } from './camera-records.ts';
import { type Checkpoint, Checkpoints } from './checkpoints.ts';
import { eventsFound } from './events-found.ts';
import { planName, readPlan } from './watch-plan.ts';

/** Keys and a summary, for the history and for whoever writes the result. */
export interface WrittenWatch {
  seen: { key: string; sha256: string };
  artifacts: Artifact[];
  /** The number of the last chunk, whose files name the events. */
  last_chunk: number;
  summary: string;
}

/** What was seen in a recording that was watched to its end; and whether each of its events is whole. */
export function makeFinishRecording(needs: CameraNeeds) {
  const { store, events, log } = needs;

  /** Whether each event that this job has stored is whole, with its objects in S3. */
  async function isThere(row: StoredEvent | null): Promise<boolean> {
    if (!row || !isWhole(row)) return false;
    const heads = [row.image_path, row.json_log_path].map((key) => store.head(key as string));
    return (await Promise.all(heads)).every((head) => head !== null);
  }

  return (job: CameraJob & { at: Checkpoint }): Promise<WrittenWatch> =>
    whileHeartbeating(async (signal) => {
      const { job_id, user_id, at } = job;
      const plan = await readPlan(store, job_id);
      if (!plan) throw new Error(`${artifactKey(job_id, 'processing', planName)} is not there any more`);
      const mine = events.of(user_id);
      const found = await eventsFound(store, job_id, at.chunk);
      const ids = new Set(found.map(({ event_id }) => event_id));
      let lost = false;
      for (const { event_id, stored } of found) {
        if (stored && !(await isThere(await mine.findEvent(event_id)))) lost = true;
      }
      if (lost) {
        // The guardrail will say what is missing. A retry then watches the recording again, from its beginning.
        await new Checkpoints(store, job_id, '').forget();
      }
      // What an earlier version of the software saw in an earlier attempt, and this one does not.
      for await (const event of events.eventsOfJob(user_id, job_id)) {
        signal.throwIfAborted();
        if (ids.has(event.event_id)) continue;
        log.warn({ job_id, event_id: event.event_id }, 'An event of an earlier attempt was not seen again');
        await mine.deleteEvent(event.event_id);
      }
      const seen: SeenRecording = {
        camera_id: plan.camera.camera_id,
        started_at: plan.started_at,
        time_source: plan.time_source,
        time_zone: plan.camera.time_zone,
        duration_s: at.last_s ?? 0,
        frames: at.frames,
        corrupt_frames: at.corrupt_frames,
        scene_changes: at.scene_changes,
        events_found: at.events,
        camera_version: plan.camera.version,
      };
      const { put } = writerFor(needs, job_id, 'processing', signal);
      const json = JSON.stringify({ ...seen, event_ids: [...ids] });
      const written = await put('watch.json', json, 'application/json');
      return {
        seen: { key: written.key, sha256: written.sha256 },
        artifacts: [written],
        last_chunk: at.chunk,
        summary: `${at.events} events${at.duplicates > 0 ? `, ${at.duplicates} of them stored before` : ''}`,
      };
    });
}
