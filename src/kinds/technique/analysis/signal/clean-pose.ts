import { KEYPOINT_COUNT, type KeypointName, keypointIndex } from '../keypoints.ts';
import type { PoseSequence } from '../pose-sequence.ts';
import { median } from '../statistics.ts';
import { type CleanPath, cleanPath } from './clean-path.ts';
import { type Sampling, type SignalSettings, samplingOf } from './sampling.ts';

/** Keypoints below this score do not count. */
export const CONFIDENCE_CUT = 0.3;
export const LONGEST_GAP_FRAMES = 100;
export const SHORTEST_CHUNK_FRAMES = 10;
export const HAMPEL_WINDOW = 7;
export const HAMPEL_SIGMAS = 3;

/** A pose sequence after signal care. Index i is frame i of the sequence throughout. */
export interface CleanPose {
  times: Float64Array;
  sampling: Sampling;
  settings: SignalSettings;
  /** By index of `keypointNames`. */
  paths: CleanPath[];
  /** Model scores by keypoint, 0 where the person is lost. */
  scores: Float64Array[];
}

export interface Point {
  x: number;
  y: number;
}

/**
 * The 0.3 cut, outliers, gaps and the low-pass for every keypoint. Where only a sample of the frames was
 * looked at there are no neighbours to compare or join, so that only the cut is made.
 */
export function cleanPose(sequence: PoseSequence, settings: SignalSettings): CleanPose {
  const { frames } = sequence;
  const times = Float64Array.from(frames, ({ time_s }) => time_s);
  const sampling = samplingOf(sequence, settings);
  const steps = Array.from(times.subarray(1), (time, i) => time - (times[i] as number));
  const rules = {
    longestGap: Math.floor(LONGEST_GAP_FRAMES / (sampling.stride ?? 1)),
    shortestChunk: SHORTEST_CHUNK_FRAMES,
    hampelWindow: HAMPEL_WINDOW,
    hampelSigmas: HAMPEL_SIGMAS,
    cutoff: sampling.cutoff,
    step: steps.length > 0 ? median(steps) : 0,
  };
  const paths: CleanPath[] = [];
  const scores: Float64Array[] = [];
  for (let k = 0; k < KEYPOINT_COUNT; k++) {
    const x = new Float64Array(frames.length).fill(Number.NaN);
    const y = x.slice();
    const score = new Float64Array(frames.length);
    for (let i = 0; i < frames.length; i++) {
      const keypoints = frames[i]?.keypoints;
      const px = keypoints?.[k * 3] ?? Number.NaN;
      const py = keypoints?.[k * 3 + 1] ?? Number.NaN;
      const ps = keypoints?.[k * 3 + 2] ?? Number.NaN;
      if (!Number.isFinite(px) || !Number.isFinite(py) || !Number.isFinite(ps)) continue;
      score[i] = ps;
      if (ps < CONFIDENCE_CUT) continue;
      x[i] = px;
      y[i] = py;
    }
    scores.push(score);
    paths.push(sampling.stride !== null ? cleanPath(x, y, times, rules) : asSampled(x, y));
  }
  return { times, sampling, settings, paths, scores };
}

function asSampled(x: Float64Array, y: Float64Array): CleanPath {
  const seen = Uint8Array.from(x, (value) => (Number.isNaN(value) ? 0 : 1));
  return { x, y, seen, outliers: 0, bridged: 0, dropped: 0, splits: 0, resampled: false };
}

/** Where a keypoint is in frame `i`; null where it is neither seen nor bridged. */
export function pointAt(pose: CleanPose, name: KeypointName, i: number): Point | null {
  const path = pose.paths[keypointIndex[name]] as CleanPath;
  const x = path.x[i] as number;
  return Number.isNaN(x) ? null : { x, y: path.y[i] as number };
}

/** Whether all the named keypoints were seen in frame `i`, none of them bridged. */
export function seenAt(pose: CleanPose, names: readonly KeypointName[], i: number): boolean {
  return names.every((name) => (pose.paths[keypointIndex[name]] as CleanPath).seen[i] === 1);
}

/** Mean model score of the named keypoints in frame `i`. */
export function scoreAt(pose: CleanPose, names: readonly KeypointName[], i: number): number {
  return (
    names.reduce((sum, name) => sum + ((pose.scores[keypointIndex[name]] as Float64Array)[i] as number), 0) /
    names.length
  );
}
