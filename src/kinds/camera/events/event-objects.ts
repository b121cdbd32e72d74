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
