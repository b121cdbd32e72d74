import type { AnalysisContext } from '../../../../src/kinds/technique/analysis/analyse.ts';
import {
  KEYPOINT_COUNT,
  type KeypointName,
  keypointIndex,
} from '../../../../src/kinds/technique/analysis/keypoints.ts';
import type { LookFrame } from '../../../../src/kinds/technique/analysis/look.ts';
import type { PoseSequence } from '../../../../src/kinds/technique/analysis/pose-sequence.ts';

/** A sequence whose numbers a test may change. */
export interface Film extends PoseSequence {
  frames: LookFrame[];
}

/** A person made of straight lines, seen from the front, with every angle and length known. */
export interface Posture {
  /** Where the middle of the ankles is, pixels. */
  at?: { x: number; y: number };
  /** Torso length, pixels. */
  torso?: number;
  /** Knee flexion, degrees. */
  leftKnee?: number;
  rightKnee?: number;
  /** Turn of the shoulder line against the hip line in the picture, degrees. */
  shoulderTilt?: number;
  /** The head's way from its place, torso lengths. */
  head?: { x: number; y: number };
  /** The whole trunk's way sideways from over the ankles, torso lengths. */
  lean?: number;
  /** Elbow below shoulder, torso lengths; the wrist is above the shoulder where `armsRaised`. */
  elbowDrop?: number;
  armsRaised?: boolean;
  /** Width of hips and shoulders as a share of the full one: 0 is the view from the side. */
  breadth?: number;
  score?: number;
}

/** 51 numbers. The shank stands upright on its ankle; the thigh turns outwards about the knee by the flexion. */
export function keypointsOf(posture: Posture): number[] {
  const {
    at = { x: 500, y: 900 },
    torso = 100,
    leftKnee = 0,
    rightKnee = 0,
    score = 0.9,
    breadth = 1,
  } = posture;
  const { shoulderTilt = 0, head = { x: 0, y: 0 }, lean = 0, elbowDrop = 0.3, armsRaised = false } = posture;
  const points = new Map<KeypointName, { x: number; y: number }>();
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const leg = (side: 'left' | 'right', flexion: number) => {
    const outwards = side === 'left' ? 1 : -1;
    const ankle = { x: outwards * 0.25 * breadth, y: 0 };
    const knee = { x: ankle.x, y: -0.8 };
    const hip = {
      x: knee.x - outwards * Math.sin(radians(flexion)) * 0.8,
      y: knee.y - Math.cos(radians(flexion)) * 0.8,
    };
    points.set(`${side}_ankle`, ankle).set(`${side}_knee`, knee);
    return hip;
  };
  const hips = { left: leg('left', leftKnee), right: leg('right', rightKnee) };
  // The thighs' ends say how high the pelvis is; its own width and place do not depend on the knees.
  const free = leftKnee !== 0 || rightKnee !== 0;
  const middle = { x: lean, y: (hips.left.y + hips.right.y) / 2 };
  points.set('left_hip', free ? hips.left : { x: middle.x + 0.25 * breadth, y: middle.y });
  points.set('right_hip', free ? hips.right : { x: middle.x - 0.25 * breadth, y: middle.y });
  const centre = free ? { x: (hips.left.x + hips.right.x) / 2, y: middle.y } : middle;
  const neck = { x: centre.x, y: centre.y - 1 };
  for (const [side, outwards] of [
    ['left', 1],
    ['right', -1],
  ] as const) {
    const shoulder = {
      x: neck.x + outwards * 0.4 * breadth * Math.cos(radians(shoulderTilt)),
      y: neck.y + outwards * 0.4 * breadth * Math.sin(radians(shoulderTilt)),
    };
    const elbow = { x: shoulder.x + outwards * 0.5, y: shoulder.y + elbowDrop };
    points.set(`${side}_shoulder`, shoulder).set(`${side}_elbow`, elbow);
    points.set(`${side}_wrist`, {
      x: elbow.x + outwards * 0.05,
      y: armsRaised ? shoulder.y - 0.3 : elbow.y + 0.5,
    });
    points.set(`${side}_eye`, { x: neck.x + head.x + outwards * 0.05, y: neck.y - 0.45 + head.y });
    points.set(`${side}_ear`, { x: neck.x + head.x + outwards * 0.12, y: neck.y - 0.4 + head.y });
  }
  points.set('nose', { x: neck.x + head.x, y: neck.y - 0.4 + head.y });
  const numbers = new Array<number>(KEYPOINT_COUNT * 3).fill(0);
  for (const [name, { x, y }] of points) {
    const k = keypointIndex[name] * 3;
    numbers[k] = at.x + x * torso;
    numbers[k + 1] = at.y + y * torso;
    numbers[k + 2] = score;
  }
  return numbers;
}

export function film(
  frames: number,
  posture: (time: number, i: number) => Posture | null,
  { fps = 30, times }: { fps?: number; times?: readonly number[] } = {},
): Film {
  return {
    width: 1080,
    height: 1920,
    fps,
    frames: Array.from({ length: frames }, (_, i): LookFrame => {
      const time_s = times?.[i] ?? i / fps;
      const now = posture(time_s, i);
      return { time_s, keypoints: now && keypointsOf(now) };
    }),
  };
}

export function contextOf(sequence: PoseSequence, options: AnalysisContext['options'] = {}): AnalysisContext {
  return {
    pass: 'deep',
    video: { duration_s: sequence.frames.at(-1)?.time_s ?? 0, frame_count: sequence.frames.length },
    options,
    provenance: {
      software: { name: 'doubletake', version: '0.0.0' },
      models: [],
      parameters: {},
      source_sha256: '0'.repeat(64),
    },
  };
}

/** Moves, scales or mirrors every keypoint. */
export function transformed(
  sequence: Film,
  x: (value: number) => number,
  y: (value: number) => number,
): Film {
  return {
    ...sequence,
    frames: sequence.frames.map(({ time_s, keypoints }) => ({
      time_s,
      keypoints:
        keypoints?.map((value, k) => (k % 3 === 0 ? x(value) : k % 3 === 1 ? y(value) : value)) ?? null,
    })),
  };
}

export function without(sequence: Film, name: KeypointName, from: number, to: number): Film {
  const k = keypointIndex[name] * 3 + 2;
  return {
    ...sequence,
    frames: sequence.frames.map((frame, i) =>
      frame.keypoints && i >= from && i < to
        ? { ...frame, keypoints: frame.keypoints.map((value, n) => (n === k ? 0.1 : value)) }
        : frame,
    ),
  };
}
