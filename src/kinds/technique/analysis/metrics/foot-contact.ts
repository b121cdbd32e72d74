import type { Side } from '../angles.ts';
import { type CleanPose, pointAt } from '../signal/clean-pose.ts';
import { LARGEST_STRIDE } from '../signal/sampling.ts';
import type { Subject } from './metric.ts';

/**
 * An ankle slower than this, in torso lengths a second of real life, stands: about 0.5 m/s. A foot that swings
 * forward in walking does 3 to 4 m/s; the model's own jitter makes 0.1 to 0.3.
 */
const STANDS_BELOW = 1;

/** Neighbours further off than this many frames of the video do not tell how fast the foot is now. */
const NEAR_FRAMES = LARGEST_STRIDE + 0.5;

/**
 * Whether the foot is planted in frame `i`, by the speed of its ankle from the frame before to the frame after (one of
 * them at a gap). Null where no near neighbour tells. The camera must stand still.
 */
export function isPlanted({ pose, torso }: Subject, side: Side, i: number): boolean | null {
  const before = near(pose, side, i, i - 1) ? i - 1 : i;
  const after = near(pose, side, i, i + 1) ? i + 1 : i;
  const [from, to] = [pointAt(pose, `${side}_ankle`, before), pointAt(pose, `${side}_ankle`, after)];
  const passed = (pose.times[after] as number) - (pose.times[before] as number);
  if (!from || !to || passed <= 0) return null;
  const seconds = passed / pose.settings.slow_motion_factor;
  return Math.hypot(to.x - from.x, to.y - from.y) / torso / seconds < STANDS_BELOW;
}

function near(pose: CleanPose, side: Side, i: number, other: number): boolean {
  const time = pose.times[other];
  if (time === undefined || !pointAt(pose, `${side}_ankle`, other)) return false;
  return Math.abs(time - (pose.times[i] as number)) <= NEAR_FRAMES * pose.sampling.frame_s;
}
