import type { PoseFrame } from '../pose-sequence.ts';
import { round } from '../rounding.ts';

/** A frame's numbers as files give them: pixels to 2 decimals, scores to 4; null where the person is lost. */
export function writtenKeypoints({ keypoints }: PoseFrame): number[] | null {
  return keypoints && Array.from(keypoints, (value, k) => round(value, k % 3 === 2 ? 4 : 2));
}
