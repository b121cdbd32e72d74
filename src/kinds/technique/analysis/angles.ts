import type { KeypointName } from './keypoints.ts';
import { type CleanPose, type Point, pointAt, seenAt } from './signal/clean-pose.ts';

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];

/**
 * Joint angles in the picture plane, by the conventions of the field: 0° when the two segments are aligned,
 * growing as the joint bends, 0–180°.
 */
export const jointAngles = {
  /** 0° when shank and thigh are aligned. */
  knee: (side: Side) => [`${side}_hip`, `${side}_knee`, `${side}_ankle`] as const,
  /** 0° when trunk and thigh are aligned. */
  hip: (side: Side) => [`${side}_shoulder`, `${side}_hip`, `${side}_knee`] as const,
  /** 0° when upper arm and forearm are aligned. */
  elbow: (side: Side) => [`${side}_shoulder`, `${side}_elbow`, `${side}_wrist`] as const,
} satisfies Record<string, (side: Side) => readonly [KeypointName, KeypointName, KeypointName]>;

export type Joint = keyof typeof jointAngles;

/**
 * Angle in degrees, 0–180, between the prolongation of a→b and b→c: 0 on one line, 90 at a right angle.
 * @returns null where two of the points coincide and there is no direction
 */
export function flexion(a: Point, b: Point, c: Point): number | null {
  return between({ x: b.x - a.x, y: b.y - a.y }, { x: c.x - b.x, y: c.y - b.y });
}

/** Unsigned angle between two directions, degrees 0–180, by atan2: exact near 0° and 180°, where acos is not. */
export function between(u: Point, v: Point): number | null {
  if (Math.hypot(u.x, u.y) === 0 || Math.hypot(v.x, v.y) === 0) return null;
  const cross = u.x * v.y - u.y * v.x;
  const dot = u.x * v.x + u.y * v.y;
  return (Math.atan2(Math.abs(cross), dot) * 180) / Math.PI;
}

/** A joint's angle in frame `i`; null where a keypoint is missing. */
export function jointAngleAt(pose: CleanPose, joint: Joint, side: Side, i: number): number | null {
  const [a, b, c] = jointAngles[joint](side).map((name) => pointAt(pose, name, i));
  return a && b && c ? flexion(a, b, c) : null;
}

/** A limb shorter than this, in torso lengths, points at the camera, and its direction is noise. */
const SHORTEST_LIMB = 0.2;

/**
 * A joint's angle in frame `i` where it can be read: all three keypoints seen, none bridged, and both limbs long enough
 * in the picture to have a direction. Null elsewhere.
 */
export function readableAngleAt(
  pose: CleanPose,
  torso: number,
  joint: Joint,
  side: Side,
  i: number,
): number | null {
  const names = jointAngles[joint](side);
  if (!seenAt(pose, names, i)) return null;
  const [a, b, c] = names.map((name) => pointAt(pose, name, i));
  if (!a || !b || !c) return null;
  const shortest = Math.min(Math.hypot(a.x - b.x, a.y - b.y), Math.hypot(b.x - c.x, b.y - c.y));
  return shortest < SHORTEST_LIMB * torso ? null : flexion(a, b, c);
}
