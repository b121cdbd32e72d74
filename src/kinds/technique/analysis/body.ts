import type { Side } from './angles.ts';
import type { KeypointName } from './keypoints.ts';
import { round } from './rounding.ts';
import { type CleanPose, type Point, pointAt, scoreAt, seenAt } from './signal/clean-pose.ts';
import { mean, median } from './statistics.ts';

export const shoulders = ['left_shoulder', 'right_shoulder'] as const;
export const hips = ['left_hip', 'right_hip'] as const;
export const ankles = ['left_ankle', 'right_ankle'] as const;

/** Middle of the named keypoints in frame `i`; null where one of them is missing. */
export function middleAt(pose: CleanPose, names: readonly KeypointName[], i: number): Point | null {
  let x = 0;
  let y = 0;
  for (const name of names) {
    const point = pointAt(pose, name, i);
    if (!point) return null;
    x += point.x / names.length;
    y += point.y / names.length;
  }
  return { x, y };
}

/**
 * Torso length in pixels, by which all lengths are divided: the median over all frames that show both shoulders and both
 * hips of the distance between their middles. One length for the whole video, so that a torso
 * leaning towards the camera does not make everything else seem longer.
 * @returns null where no frame shows all four
 */
export function torsoLength(pose: CleanPose): number | null {
  const lengths: number[] = [];
  for (let i = 0; i < pose.times.length; i++) {
    if (!seenAt(pose, [...shoulders, ...hips], i)) continue;
    const [top, bottom] = [middleAt(pose, shoulders, i), middleAt(pose, hips, i)];
    if (top && bottom) lengths.push(Math.hypot(top.x - bottom.x, top.y - bottom.y));
  }
  const length = median(lengths);
  return length > 0 ? length : null;
}

export interface FrontSide {
  side: Side;
  chosen_by: 'option' | 'camera';
}

const sideKeypoints = ['shoulder', 'elbow', 'hip', 'knee', 'ankle'] as const;

/**
 * The side that faces the camera: the one whose keypoints the model is surer of, for the far side is hidden behind the
 * near one; where both score alike, the one whose leg looks longer, being nearer.
 */
export function frontSide(pose: CleanPose, wanted: Side | 'auto'): FrontSide {
  if (wanted !== 'auto') return { side: wanted, chosen_by: 'option' };
  const surer = round(sureness(pose, 'right') - sureness(pose, 'left'), 3);
  const lead = surer || legLength(pose, 'right') - legLength(pose, 'left');
  return { side: lead > 0 ? 'right' : 'left', chosen_by: 'camera' };
}

function sureness(pose: CleanPose, side: Side): number {
  const names = sideKeypoints.map((part) => `${side}_${part}` as const);
  return mean(Array.from(pose.times, (_, i) => scoreAt(pose, names, i)));
}

function legLength(pose: CleanPose, side: Side): number {
  const lengths: number[] = [];
  for (let i = 0; i < pose.times.length; i++) {
    const [hip, ankle] = [pointAt(pose, `${side}_hip`, i), pointAt(pose, `${side}_ankle`, i)];
    if (hip && ankle) lengths.push(Math.hypot(hip.x - ankle.x, hip.y - ankle.y));
  }
  return lengths.length > 0 ? median(lengths) : 0;
}
