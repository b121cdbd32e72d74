import type { Side } from '../angles.ts';
import { pointAt } from '../signal/clean-pose.ts';
import type { Subject } from './metric.ts';

/**
 * An ankle slower than this, in torso lengths a second of real life, stands: about 0.5 m/s. A foot that swings
 * forward in walking does 3 to 4 m/s; the model's own jitter makes 0.1 to 0.3.
 */
const STANDS_BELOW = 1;

/**
 * Whether the foot is planted in frame `i`, by the speed of its ankle from the frame before to the frame after (one of
 * them at a gap). Null where no neighbour tells. The camera must stand still.
 */
export function isPlanted({ pose, torso }: Subject, side: Side, i: number): boolean | null {
  const here = pointAt(pose, `${side}_ankle`, i);
  if (!here) return null;
  const before = i > 0 ? pointAt(pose, `${side}_ankle`, i - 1) : null;
  const after = i + 1 < pose.times.length ? pointAt(pose, `${side}_ankle`, i + 1) : null;
  const [from, to] = [before ?? here, after ?? here];
  const t0 = pose.times[before ? i - 1 : i] as number;
  const t1 = pose.times[after ? i + 1 : i] as number;
  if (t1 <= t0) return null;
  const seconds = (t1 - t0) / pose.settings.slow_motion_factor;
  return Math.hypot(to.x - from.x, to.y - from.y) / torso / seconds < STANDS_BELOW;
}
