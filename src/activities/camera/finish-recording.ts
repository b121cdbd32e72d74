import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import type { SeenRecording } from '../../kinds/camera/analysis/result.ts';
import { objectsOf } from '../../kinds/camera/events/event-objects.ts';
import type { StoredEvent } from '../../kinds/camera/events/event-store.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import type { CameraJob, CameraNeeds } from './camera-needs.ts';
import { type Checkpoint, forgetCheckpoints } from './checkpoints.ts';
import { stateOfEvent } from './event-state.ts';
import { eventsFound } from './events-found.ts';
import { planName, readPlan } from './watch-plan.ts';

/** Keys and a summary, for the history and for whoever writes the result. */
export interface WrittenWatch {
  seen: { key: string; sha256: string };
  artifacts: Artifact[];
  /** Where the watch ended: its files name the events. */
  at: Pick<Checkpoint, 'made_with' | 'chunk'>;
  summary: string;
}

/** What was seen in a recording that was watched to its end. */
export function makeFinishRecording(needs: CameraNeeds) {
  const { store, events, log } = needs;

  /** What an earlier version of the software saw in an earlier attempt, and this one does not, unless a person has had it in hand. */
  async function removeUnseen(cameraKey: string, job: CameraJob, seen: ReadonlySet<string>): Promise<void> {
    const unseen: StoredEvent[] = [];
    for await (const event of events.eventsOfJob(job.user_id, job.job_id))
      if (!seen.has(event.event_id) && !isInHand(event)) unseen.push(event);
    for (const event of unseen) {
      if ((await events.beginRemovals([event])) === 0) continue;
      log.warn(
        { job_id: job.job_id, event_id: event.event_id },
        'An event of an earlier attempt was not seen again',
      );
      await store.deleteKeys(objectsOf(cameraKey, event));
      await events.deleteEvents([event]);
    }
  }

  return (job: CameraJob & { at: Checkpoint }): Promise<WrittenWatch> =>
    whileHeartbeating(async (signal) => {
      const { job_id, user_id, at } = job;
      const plan = await readPlan(store, job_id);
      if (!plan) throw new Error(`${artifactKey(job_id, 'processing', planName)} is not there any more`);
      const mine = events.of(user_id);
      const found = await eventsFound(store, job_id, at);
      for (const event of found) {
        signal.throwIfAborted();
        if ((await stateOfEvent({ store, mine }, plan.camera.key, event)) !== 'lost') continue;
        // The guardrail will say what is missing. A retry then watches the recording again, from its beginning.
        await forgetCheckpoints(store, job_id);
        break;
      }
      const ids = new Set(found.map(({ event_id }) => event_id));
      await removeUnseen(plan.camera.key, job, ids);
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
        at: { made_with: at.made_with, chunk: at.chunk },
        summary: `${at.events} events${at.duplicates > 0 ? `, ${at.duplicates} of them stored before` : ''}`,
      };
    });
}

function isInHand({ keep, reviewed_at, described_by }: StoredEvent): boolean {
  return keep || reviewed_at !== null || described_by === 'person';
}
