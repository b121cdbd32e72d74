import type { Level } from '../finding.ts';
import { KEYPOINT_COUNT } from './keypoints.ts';
import type { PoseFrame } from './pose-sequence.ts';
import { round } from './rounding.ts';
import { CONFIDENCE_CUT } from './signal/clean-pose.ts';
import type { Threshold } from './thresholds.ts';

export interface Coverage {
  /** Frames looked at. */
  frames: number;
  /** Those that show enough of the person. */
  seen: number;
  /** seen / frames, 0–1. */
  fraction: number;
}

/** A frame shows the person when 6 of the 17 keypoints count (Sports2D's 30 % of the keypoints). */
const ENOUGH_KEYPOINTS = 6;

export function coverageOf(frames: readonly PoseFrame[]): Coverage {
  const seen = frames.filter(showsPerson).length;
  return { frames: frames.length, seen, fraction: frames.length > 0 ? round(seen / frames.length, 4) : 0 };
}

function showsPerson({ keypoints }: PoseFrame): boolean {
  if (!keypoints) return false;
  let counted = 0;
  for (let k = 0; k < KEYPOINT_COUNT; k++) {
    const score = keypoints[k * 3 + 2] as number;
    const known = Number.isFinite(keypoints[k * 3]) && Number.isFinite(keypoints[k * 3 + 1]);
    if (known && Number.isFinite(score) && score >= CONFIDENCE_CUT) counted++;
  }
  return counted >= ENOUGH_KEYPOINTS;
}

/** Share of frames that show the person, in percent. */
export function percentSeen({ fraction }: Coverage): number {
  return round(fraction * 100, 1);
}

/** `high` under the lower percentage: too little to measure anything. Exactly that much is enough. */
export function coverageLevel({ frames, seen }: Coverage, { medium, high }: Threshold): Level {
  const under = (percent: number) => frames === 0 || seen * 100 < percent * frames;
  return under(high) ? 'high' : under(medium) ? 'medium' : 'low';
}
