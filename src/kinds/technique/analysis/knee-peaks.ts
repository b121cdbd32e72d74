import { readableAngleAt, type Side, sides } from './angles.ts';
import { round } from './rounding.ts';
import type { CleanPose } from './signal/clean-pose.ts';

export interface KneePeak {
  /** Flexion in the picture plane, degrees, 0 when shank and thigh are aligned. */
  flexion_deg: number;
  time_s: number;
}

export type KneePeaks = Record<Side, KneePeak | null>;

/** When each knee was bent most, in the air or on the ground; null where it is never seen with its hip and ankle. */
export function kneePeaks(pose: CleanPose, torso: number): KneePeaks {
  const peaks = sides.map((side) => {
    let peak: KneePeak | null = null;
    for (let i = 0; i < pose.times.length; i++) {
      const angle = readableAngleAt(pose, torso, 'knee', side, i);
      if (angle === null || (peak && angle <= peak.flexion_deg)) continue;
      peak = { flexion_deg: angle, time_s: pose.times[i] as number };
    }
    return [side, peak && { flexion_deg: round(peak.flexion_deg, 1), time_s: round(peak.time_s, 6) }];
  });
  return Object.fromEntries(peaks) as KneePeaks;
}

/** The larger of the two; null where neither is seen. */
export function largestOf({ left, right }: KneePeaks): number | null {
  if (!left || !right) return (left ?? right)?.flexion_deg ?? null;
  return Math.max(left.flexion_deg, right.flexion_deg);
}
