/** The 17 keypoints of COCO in the order MoveNet gives them; left and right are the person's own. */
export const keypointNames = [
  'nose',
  'left_eye',
  'right_eye',
  'left_ear',
  'right_ear',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const;

export type KeypointName = (typeof keypointNames)[number];

export const KEYPOINT_COUNT = keypointNames.length;

/** Numbers in one frame's `keypoints`: x, y, score for each of the 17. */
export const KEYPOINT_NUMBERS = KEYPOINT_COUNT * 3;

export const keypointIndex = Object.fromEntries(keypointNames.map((name, i) => [name, i])) as Record<
  KeypointName,
  number
>;
