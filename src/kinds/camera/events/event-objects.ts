import type { StoredEvent } from './event-store.ts';

/** Where a camera's pictures, logs and clips lie: they outlive their job. */
export const camerasPrefix = 'cameras/';

/** @param cameraKey the camera's UUID, not the id that its user gave */
export function cameraPrefix(cameraKey: string): string {
  return `${camerasPrefix}${cameraKey}/`;
}

/** Everything of one event lies under this prefix. */
export function eventPrefix(cameraKey: string, eventId: string): string {
  return `${cameraPrefix(cameraKey)}${eventId}/`;
}

export function eventObjectKey(
  cameraKey: string,
  eventId: string,
  name: 'picture.jpg' | 'log.json' | 'clip.mp4',
): string {
  return `${eventPrefix(cameraKey, eventId)}${name}`;
}

/** Whether an object is the camera's: a box may write into its events what it likes. */
export function isOfCamera(cameraKey: string, object: string): boolean {
  return object.startsWith(cameraPrefix(cameraKey));
}

/**
 * The keys of what goes with an event, without the recording that a clip is cut from: that goes with its session. A box may
 * name what is another event's, so of what it names only what lies under its own event's prefix goes.
 */
export function objectsOf(
  cameraKey: string,
  { event_id, job_id, image_path, json_log_path, clip }: EventNames,
): string[] {
  const own = job_id === null ? eventPrefix(cameraKey, event_id) : cameraPrefix(cameraKey);
  return [image_path, json_log_path, clip?.key ?? null].filter(
    (key): key is string => key?.startsWith(own) === true,
  );
}

type EventNames = Pick<StoredEvent, 'event_id' | 'job_id' | 'image_path' | 'json_log_path' | 'clip'>;
