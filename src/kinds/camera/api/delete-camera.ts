import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import type { StoredCamera } from '../events/camera.ts';
import { cameraPrefix, objectsOf } from '../events/event-objects.ts';
import type { EventStore } from '../events/event-store.ts';

export interface Parts {
  store: Pick<EventStore, 'of' | 'deleteEvents'>;
  objects: Pick<ArtifactStore, 'deleteKeys' | 'deletePrefix'>;
}

/** Events whose objects and then rows go together. */
const atOnce = 1000;

/** After so long no more are begun, ms: proxies wait for an answer for a minute. */
const usualMs = 30_000;

/**
 * Removes a camera's events, those with their objects first, then what else lies under its prefix, then the camera. It can
 * be broken off anywhere and asked for again.
 */
export async function deleteSome(
  { store, objects }: Parts,
  camera: StoredCamera,
  { ms = usualMs, limit = atOnce } = {},
): Promise<{ events: number; gone: boolean }> {
  const { camera_id, owner, key } = camera;
  const events = store.of(owner);
  const until = performance.now() + ms;
  let removed = 0;
  for (;;) {
    const those = await events.beginRemovalOfCamera(camera_id, limit);
    await objects.deleteKeys(those.flatMap((event) => objectsOf(key, event)));
    removed += await store.deleteEvents(those);
    if (those.length < limit) break;
    if (performance.now() >= until) return { events: removed, gone: false };
  }
  await objects.deletePrefix(cameraPrefix(key));
  await events.deleteCamera(camera_id);
  return { events: removed, gone: true };
}
