import { KEYPOINT_NUMBERS } from './keypoints.ts';
import type { LookFrame } from './look.ts';

/** One frame of a pose sequence; see `LookFrame`. */
export interface PoseFrame {
  time_s: number;
  keypoints: ArrayLike<number> | null;
}

/**
 * The same frames, their numbers side by side in one block: objects of a long video would fill the heap, which then
 * grows to several times as much before it is swept.
 */
export function packed(frames: readonly LookFrame[]): PoseFrame[] {
  const numbers = new Float64Array(frames.length * KEYPOINT_NUMBERS);
  return frames.map(({ time_s, keypoints }, i) => {
    if (!keypoints) return { time_s, keypoints };
    const own = numbers.subarray(i * KEYPOINT_NUMBERS, (i + 1) * KEYPOINT_NUMBERS);
    own.set(keypoints);
    return { time_s, keypoints: own };
  });
}

/** One person through a video. Frames ascend in time; a frame where the person is lost is there, with null. */
export interface PoseSequence {
  /** Display pixels. */
  width: number;
  height: number;
  /** The video's own mean frame rate in frames per second, also where `frames` holds only a sample of them. */
  fps: number;
  frames: PoseFrame[];
}

/** Times nearer than this are one frame: no camera takes two within a tenth of a millisecond. */
export const SAME_FRAME_S = 1e-4;

/** Ascending in time, of frames with the same time the first that holds a person, or else one that holds none. */
export function inOrder(frames: readonly PoseFrame[]): PoseFrame[] {
  const kept: PoseFrame[] = [];
  const timed = frames.filter(({ time_s }) => Number.isFinite(time_s));
  for (const frame of timed.sort((a, b) => a.time_s - b.time_s)) {
    const before = kept.at(-1);
    if (!before || frame.time_s - before.time_s > SAME_FRAME_S) kept.push({ ...frame });
    else before.keypoints ??= frame.keypoints;
  }
  return kept;
}

/**
 * A sequence as the analysis takes it: frames in order, and a frame rate above 0 (out of the times where the container gave
 * none, as for a video of one frame).
 */
export function normalised(sequence: PoseSequence): PoseSequence {
  const frames = inOrder(sequence.frames);
  const span = (frames.at(-1)?.time_s ?? 0) - (frames[0]?.time_s ?? 0);
  const known = Number.isFinite(sequence.fps) && sequence.fps > 0;
  const fps = known ? sequence.fps : span > 0 ? (frames.length - 1) / span : 1;
  return { ...sequence, fps, frames };
}
