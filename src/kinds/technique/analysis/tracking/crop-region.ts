import { keypointIndex } from '../keypoints.ts';
import type { Box } from '../look.ts';

/**
 * The square MoveNet is shown next, from the keypoints it gave last. The algorithm and its numbers are those
 * published with the model (TensorFlow Hub tutorial "MoveNet: Ultra fast and accurate pose detection model",
 * sections "Cropping Algorithm" and `determine_crop_region`), written anew from that description.
 */
export interface Square {
  x: number;
  y: number;
  /** Length of a side, pixels. */
  side: number;
}

/** Below this a keypoint has no say in the crop. */
const MIN_CROP_KEYPOINT_SCORE = 0.2;
const TORSO_EXPANSION = 1.9;
const BODY_EXPANSION = 1.2;

const torso = [
  keypointIndex.left_shoulder,
  keypointIndex.right_shoulder,
  keypointIndex.left_hip,
  keypointIndex.right_hip,
] as const;

function scoreOf(keypoints: readonly number[], joint: number): number {
  return keypoints[joint * 3 + 2] ?? 0;
}

/** A hip and a shoulder of either side are seen. */
export function torsoVisible(keypoints: readonly number[]): boolean {
  const [leftShoulder, rightShoulder, leftHip, rightHip] = torso.map((joint) =>
    scoreOf(keypoints, joint),
  ) as [number, number, number, number];
  return (
    Math.max(leftHip, rightHip) > MIN_CROP_KEYPOINT_SCORE &&
    Math.max(leftShoulder, rightShoulder) > MIN_CROP_KEYPOINT_SCORE
  );
}

/**
 * A square around the hips' middle that holds 1.9 × the torso's reach and 1.2 × the whole body's, no larger
 * than the frame calls for; the whole frame where that would be larger than half of it.
 * @param keypoints x, y, score × 17 in pixels
 * @returns null where the torso is not seen: the published algorithm then starts over on the whole frame,
 *   which may find anyone; here the caller looks for the same person instead
 */
export function cropAround(keypoints: readonly number[], width: number, height: number): Square | null {
  if (!torsoVisible(keypoints)) return null;
  const [leftX, leftY, rightX, rightY] = [
    keypoints[keypointIndex.left_hip * 3],
    keypoints[keypointIndex.left_hip * 3 + 1],
    keypoints[keypointIndex.right_hip * 3],
    keypoints[keypointIndex.right_hip * 3 + 1],
  ] as [number, number, number, number];
  const centreX = (leftX + rightX) / 2;
  const centreY = (leftY + rightY) / 2;
  let torsoReach = 0;
  let bodyReach = 0;
  for (let joint = 0; joint < keypoints.length / 3; joint++) {
    const reach = Math.max(
      Math.abs((keypoints[joint * 3] as number) - centreX),
      Math.abs((keypoints[joint * 3 + 1] as number) - centreY),
    );
    if ((torso as readonly number[]).includes(joint)) torsoReach = Math.max(torsoReach, reach);
    if (scoreOf(keypoints, joint) >= MIN_CROP_KEYPOINT_SCORE) bodyReach = Math.max(bodyReach, reach);
  }
  const wanted = Math.max(torsoReach * TORSO_EXPANSION, bodyReach * BODY_EXPANSION);
  const half = Math.min(wanted, Math.max(centreX, width - centreX, centreY, height - centreY));
  if (half > Math.max(width, height) / 2) return wholeFrame(width, height);
  return { x: centreX - half, y: centreY - half, side: half * 2 };
}

/** The whole frame, padded to a square. */
function wholeFrame(width: number, height: number): Square {
  const side = Math.max(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** A square around a detected person, with room for limbs that the box cuts. */
export function squareAround(box: Box, expansion = 1.25): Square {
  const side = Math.max(box.width, box.height) * expansion;
  return { x: box.x + box.width / 2 - side / 2, y: box.y + box.height / 2 - side / 2, side };
}
