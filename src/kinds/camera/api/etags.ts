import { createHash } from 'node:crypto';
import { HttpProblem } from '../../../api/http-problem.ts';
import type { Camera } from '../events/camera.ts';
import type { CameraEvent } from '../events/event.ts';

/** An event changes with the moment of its last change. */
export function tagOfEvent({ updated_at }: Pick<CameraEvent, 'updated_at'>): string {
  return `"${updated_at}"`;
}

/**
 * Its version, by which a change is refused that was made without having seen another's, and a hash of the rest, which
 * tells a reader that, say, the camera has gone offline.
 */
export function tagOfCamera(camera: Camera): string {
  const rest = createHash('sha256').update(JSON.stringify(camera)).digest('base64url').slice(0, 12);
  return `"${camera.version}.${rest}"`;
}

function changedMeanwhile(what: string): HttpProblem {
  const detail = `The ${what} is not as If-Match has it: it was changed since, or the ETag is not of it. Read it again, and then say what is to change.`;
  return new HttpProblem(412, 'changed-meanwhile', 'Changed meanwhile', detail);
}

/** The one tag that a person has seen; undefined where the header is absent or takes any. */
function seen(header: string | undefined, what: string): string | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, tag] = /^\s*"([^"]*)"\s*$/.exec(header) ?? [];
  if (tag === undefined) throw changedMeanwhile(what);
  return tag;
}

/**
 * What `If-Match` says of an event: the `updated_at` that was seen.
 * @throws HttpProblem 412 where that is not the event's
 */
export function updatedAtIn(
  header: string | undefined,
  now: Pick<CameraEvent, 'updated_at'>,
): string | undefined {
  const tag = seen(header, 'event');
  if (tag !== undefined && tag !== now.updated_at) throw changedMeanwhile('event');
  return tag;
}

/** What `If-Match` says of a camera: the version that was seen. @throws HttpProblem 412 where that is not the camera's */
export function versionIn(header: string | undefined, now: Pick<Camera, 'version'>): number | undefined {
  const tag = seen(header, 'camera');
  if (tag === undefined) return undefined;
  const [, version] = /^(\d{1,9})\./.exec(tag) ?? [];
  if (Number(version) !== now.version) throw changedMeanwhile('camera');
  return now.version;
}
