import { join } from 'node:path';
import type { ChunkEvent } from '../../kinds/camera/child/watch-recording.ts';
import { eventId } from '../../kinds/camera/events/event-id.ts';
import type { EventNow } from './event-writer.ts';
import type { WatchPlan } from './watch-plan.ts';

/**
 * An event of a recording, with what its seconds mean on the clock.
 * @param folder where its picture lies
 * @param videoKey S3 key of the recording, from which its clip can be cut
 */
export function recordedEvent(
  plan: Pick<WatchPlan, 'started_at' | 'time_source' | 'source_sha256' | 'camera'>,
  { event, opened, closed, picture }: ChunkEvent,
  folder: string,
  videoKey: string,
): EventNow {
  const origin = Date.parse(plan.started_at);
  const at = (seconds: number) => new Date(Math.round(origin + seconds * 1000)).toISOString();
  const idOf = (start_s: number) =>
    eventId(new Date(at(start_s)), {
      camera_id: plan.camera.camera_id,
      source: plan.source_sha256,
      media_ms: start_s * 1000,
    });
  return {
    event_id: idOf(event.start_s),
    started_at: at(event.start_s),
    time_source: plan.time_source,
    last_seen_at: at(event.last_s),
    continues: event.continues_s === null ? null : idOf(event.continues_s),
    watched: event,
    opened,
    closed: closed && {
      ended_at: at(closed.end_s),
      reason: closed.reason,
      clip: { key: videoKey, from_s: event.start_s, to_s: closed.end_s },
    },
    picture: picture && join(folder, picture),
  };
}
