import { toJson } from '../../kinds/camera/events/event-json.ts';
import { eventObjectKey } from '../../kinds/camera/events/event-objects.ts';
import type { EventStore } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * Closes what a job has left open, with the last time that something was seen of it, and writes the log that each such event
 * would have had.
 * @returns how many were closed
 * @throws DatabaseWriteError, StorageUnavailable
 */
export async function closeEvents(
  { events, store }: { events: EventStore; store: Pick<ArtifactStore, 'put'> },
  { user_id, job_id }: { user_id: string; job_id: string },
  reason: 'stopped' | 'signal_lost',
): Promise<number> {
  const closed = await events.closeEventsOfJob(user_id, job_id, reason);
  const mine = events.of(user_id);
  for await (const event of events.eventsOfJob(user_id, job_id)) {
    if (event.ended_at === null || event.json_log_path !== null) continue;
    const camera = await mine.findCamera(event.camera_id);
    if (!camera) continue;
    const json_log_path = eventObjectKey(camera.key, event.event_id, 'log.json');
    const log = {
      ...{ ...toJson(event), json_log_path },
      note: 'Written when the event was closed without its watch; what was measured after its last look is not known.',
    };
    await store.put(json_log_path, JSON.stringify(log), { mediaType: 'application/json' });
    await mine.updateOpenEvent(event.event_id, job_id, { json_log_path });
  }
  return closed;
}
