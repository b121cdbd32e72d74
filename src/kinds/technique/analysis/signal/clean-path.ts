import { zeroPhase } from './butterworth.ts';
import { bridge, type Chunk, chunksOf, type GapRules } from './gaps.ts';
import { hampel } from './hampel.ts';
import { evenTimes, isEven, resample } from './resample.ts';

export interface PathRules extends GapRules {
  hampelWindow: number;
  hampelSigmas: number;
  /** Cut-off as a fraction of the sampling rate; null: not filtered. */
  cutoff: number | null;
  /** Usual time between frames, seconds of video. */
  step: number;
}

/** One keypoint's way through the video, and what was done to it. */
export interface CleanPath {
  /** NaN where the keypoint is neither seen nor bridged. */
  x: Float64Array;
  y: Float64Array;
  /** 1 where the keypoint was seen (not bridged, not dropped). */
  seen: Uint8Array;
  outliers: number;
  bridged: number;
  dropped: number;
  /** Gaps too long to bridge, between two chunks kept. */
  splits: number;
  resampled: boolean;
}

/**
 * Outliers, then gaps, then the low-pass. Outliers come first so that no gap is bridged from a wrong point.
 * @param x,y pixels, NaN where not seen in both or neither
 * @param times seconds, ascending, no two the same
 */
export function cleanPath(
  x: Float64Array,
  y: Float64Array,
  times: Float64Array,
  rules: PathRules,
): CleanPath {
  const across = hampel(x, rules.hampelWindow, rules.hampelSigmas);
  const down = hampel(y, rules.hampelWindow, rules.hampelSigmas);
  const { chunks, dropped } = chunksOf(x, times, rules.step, rules);
  const clean: CleanPath = {
    x: new Float64Array(x.length).fill(Number.NaN),
    y: new Float64Array(x.length).fill(Number.NaN),
    seen: new Uint8Array(x.length),
    outliers: across.replaced + down.replaced,
    bridged: 0,
    dropped,
    splits: Math.max(0, chunks.length - 1),
    resampled: false,
  };
  for (const chunk of chunks) {
    for (let i = chunk.from; i <= chunk.to; i++) clean.seen[i] = Number.isNaN(x[i]) ? 0 : 1;
    clean.bridged += bridge(across.values, times, chunk);
    bridge(down.values, times, chunk);
    const stretch = times.slice(chunk.from, chunk.to + 1);
    const even = isEven(stretch);
    clean.resampled ||= !even && rules.cutoff !== null;
    clean.x.set(smooth(across.values, chunk, stretch, even, rules.cutoff), chunk.from);
    clean.y.set(smooth(down.values, chunk, stretch, even, rules.cutoff), chunk.from);
  }
  return clean;
}

/** Where frames came at uneven times, the filter runs on an even grid of as many points and is read back. */
function smooth(
  values: Float64Array,
  { from, to }: Chunk,
  times: Float64Array,
  even: boolean,
  cutoff: number | null,
): Float64Array {
  const stretch = values.slice(from, to + 1);
  if (cutoff === null || stretch.length < 2) return stretch;
  if (even) return zeroPhase(stretch, cutoff);
  const grid = evenTimes(times);
  return resample(grid, zeroPhase(resample(times, stretch, grid), cutoff), times);
}
