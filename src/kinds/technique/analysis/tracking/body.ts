import { KEYPOINT_COUNT, keypointIndex } from '../keypoints.ts';
import type { Box } from '../look.ts';
import { torsoVisible } from './crop-region.ts';

/** Keypoints at or above this count as seen. */
export const SEEN_SCORE = 0.3;
/** With fewer seen, or a lower mean score, a pose is a guess. */
const MIN_SEEN = 6;
const MIN_CONFIDENCE = 0.3;

/** Where a pose is and how large, for judging whether the next one can be the same person. */
export interface Body {
  /** Middle of the torso. */
  x: number;
  y: number;
  /** Longest of trunk, thighs and shanks: about half a metre, whatever way the body bends. */
  size: number;
  /** Around all keypoints seen. */
  box: Box;
}

const bones = [
  ['left_shoulder', 'left_hip'],
  ['right_shoulder', 'right_hip'],
  ['left_hip', 'left_knee'],
  ['right_hip', 'right_knee'],
  ['left_knee', 'left_ankle'],
  ['right_knee', 'right_ankle'],
] as const;

const trunk = ['left_shoulder', 'right_shoulder', 'left_hip', 'right_hip'] as const;

/** @returns null where too little is seen to speak of a person: under 6 keypoints, a mean score under 0.3, or no torso */
export function bodyOf(keypoints: readonly number[]): Body | null {
  const at = (joint: number) => keypoints[joint * 3] as number;
  const down = (joint: number) => keypoints[joint * 3 + 1] as number;
  const seen: number[] = [];
  for (let joint = 0; joint < KEYPOINT_COUNT; joint++) {
    if ((keypoints[joint * 3 + 2] as number) >= SEEN_SCORE) seen.push(joint);
  }
  if (seen.length < MIN_SEEN || confidenceOf(keypoints) < MIN_CONFIDENCE || !torsoVisible(keypoints))
    return null;
  const xs = seen.map(at);
  const ys = seen.map(down);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  let size = 0;
  for (const [from, to] of bones) {
    const [a, b] = [keypointIndex[from], keypointIndex[to]];
    if (!seen.includes(a) || !seen.includes(b)) continue;
    size = Math.max(size, Math.hypot(at(a) - at(b), down(a) - down(b)));
  }
  const middle = trunk.map((name) => keypointIndex[name]).filter((joint) => seen.includes(joint));
  const around = middle.length > 0 ? middle : seen;
  return {
    x: around.reduce((sum, joint) => sum + at(joint), 0) / around.length,
    y: around.reduce((sum, joint) => sum + down(joint), 0) / around.length,
    size: size || Math.hypot(Math.max(...xs) - left, Math.max(...ys) - top) / 3,
    box: { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top },
  };
}

/** Mean score of all keypoints, 0–1. */
export function confidenceOf(keypoints: readonly number[]): number {
  let sum = 0;
  for (let joint = 0; joint < KEYPOINT_COUNT; joint++) sum += keypoints[joint * 3 + 2] as number;
  return sum / KEYPOINT_COUNT;
}
