import type { z } from 'zod';
import type { StoredCamera } from '../events/camera.ts';
import type { CameraEvent } from '../events/event.ts';
import type { StoredEvent } from '../events/event-store.ts';
import type { cameraView } from './schemas.ts';

/** An event as the API tells it. */
export function viewOfEvent({ owner, clip, last_seen_at, described_by, ...event }: StoredEvent): CameraEvent {
  return event;
}

/** A camera as the API tells it. */
export function viewOfCamera({ owner, key, ...camera }: StoredCamera): z.infer<typeof cameraView> {
  // The schema's lists are not read-only.
  return camera as z.infer<typeof cameraView>;
}
