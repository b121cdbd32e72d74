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

/** Whether an object is the camera's: a box may write into its events what it likes. */
export function isOfCamera({ key }: Pick<StoredCamera, 'key'>, object: string): boolean {
  return object.startsWith(`cameras/${key}/`);
}

/** The keys of what belongs to an event, and goes with it. */
export function objectsOf(
  camera: Pick<StoredCamera, 'key'>,
  { image_path, json_log_path, clip }: Pick<StoredEvent, 'image_path' | 'json_log_path' | 'clip'>,
): string[] {
  const keys = [image_path, json_log_path, clip?.key];
  // A recording, which a clip may be cut from, goes with its session.
  return keys.filter((key) => typeof key === 'string' && isOfCamera(camera, key)) as string[];
}
