import type { Body } from './body.ts';

/**
 * In body sizes (about half a metre) a second: 12 m/s, the fastest a runner's trunk moves, is 24; the rest is
 * for a panning camera.
 */
const MAX_SPEED = 30;
/** Jitter of the model itself between two frames, in body sizes. */
const JITTER = 0.5;
/** Growth or shrinking in one step that the model's jitter explains, and the share more that a second allows. */
const SCALE_JITTER = 1.7;
const SCALE_A_SECOND = 2;

/** Whether a person seen as `before` can be seen as `now`, `seconds` later. */
export function couldBeSame(before: Body, now: Body, seconds: number): boolean {
  const size = Math.max(before.size, now.size);
  const moved = Math.hypot(now.x - before.x, now.y - before.y) / size;
  if (moved > JITTER + MAX_SPEED * seconds) return false;
  const scale = Math.max(before.size / now.size, now.size / before.size);
  return scale <= SCALE_JITTER * (1 + SCALE_A_SECOND * seconds);
}
