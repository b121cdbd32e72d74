import type { Job } from '../../../domain/job.ts';
import { type CameraResult, mostInResult, type StoredResult } from '../analysis/result.ts';
import { toJson } from '../events/event-json.ts';
import type { EventStore } from '../events/event-store.ts';

/** A result with its events as they are now: one that was deleted is told nowhere any more. */
export async function readResult(
  store: Pick<EventStore, 'of'>,
  { user_id }: Pick<Job, 'user_id'>,
  { event_ids, ...stored }: StoredResult,
): Promise<CameraResult> {
  const there = await store.of(user_id).findEvents(event_ids);
  const events: CameraResult['events'] = [];
  let bytes = 0;
  for (const event of there.map(toJson)) {
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (bytes > mostInResult.bytes) break;
    events.push(event);
  }
  return {
    ...stored,
    events_left_out: stored.events_left_out + there.length - events.length,
    events,
  };
}
