import { eventObjectKey } from '../../kinds/camera/events/event-objects.ts';
import type { OwnersEvents, StoredEvent } from '../../kinds/camera/events/event-store.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { WrittenEvent } from './event-writer.ts';

/**
 * `whole`: closed, with its picture and its log in S3, or another job's. `deleted`: neither its row nor any of its objects
 * is there, since somebody has deleted it, which removes both, or is about to. `lost`: only a part of it is there.
 */
export type EventState = 'whole' | 'deleted' | 'lost';

export interface EventRooms {
  store: Pick<ArtifactStore, 'head'>;
  mine: Pick<OwnersEvents, 'findEvent' | 'isBeingRemoved'>;
}

/** @param cameraKey the folder of the camera's objects */
export async function stateOfEvent(
  { store, mine }: EventRooms,
  cameraKey: string,
  { event_id, stored }: WrittenEvent,
): Promise<EventState> {
  if (!stored) return 'whole';
  const has = async (keys: readonly string[]) =>
    (await Promise.all(keys.map((key) => store.head(key)))).map((head) => head !== null);
  const row = await mine.findEvent(event_id);
  if (!row) {
    if (await mine.isBeingRemoved(event_id)) return 'deleted';
    const names = ['picture.jpg', 'log.json'] as const;
    const there = await has(names.map((name) => eventObjectKey(cameraKey, event_id, name)));
    return there.includes(true) ? 'lost' : 'deleted';
  }
  if (!isWhole(row)) return 'lost';
  const there = await has([row.image_path as string, row.json_log_path as string]);
  return there.includes(false) ? 'lost' : 'whole';
}

/** Closed, with its picture and its log. */
export function isWhole({ ended_at, image_path, json_log_path }: StoredEvent): boolean {
  return ended_at !== null && image_path !== null && json_log_path !== null;
}
