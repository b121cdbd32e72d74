/** A stretch of one keypoint's path without a gap too long to bridge: positions, both inclusive. */
export interface Chunk {
  from: number;
  to: number;
}

export interface GapRules {
  /** Gaps up to so many frames are bridged; longer ones split. */
  longestGap: number;
  /** Chunks in which fewer frames were seen are dropped. */
  shortestChunk: number;
}

export interface ChunkedPath {
  chunks: Chunk[];
  /** Frames seen, but in a chunk too short to keep. */
  dropped: number;
}

/**
 * Splits a path at its long gaps. A gap is as long as the frames missing in it, by count or by time, whichever is
 * more: a hole in the timestamps is a gap too.
 * @param values NaN where not seen
 * @param times seconds, ascending
 * @param step usual time between frames in seconds
 */
export function chunksOf(
  values: Float64Array,
  times: Float64Array,
  step: number,
  { longestGap, shortestChunk }: GapRules,
): ChunkedPath {
  const chunks: Chunk[] = [];
  let dropped = 0;
  let from = -1;
  let to = -1;
  let seen = 0;
  const close = () => {
    if (from >= 0 && seen >= shortestChunk) chunks.push({ from, to });
    else dropped += seen;
  };
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    if (from < 0 || missing(times, to, i, step) > longestGap) {
      close();
      from = i;
      seen = 0;
    }
    to = i;
    seen++;
  }
  close();
  return { chunks, dropped };
}

function missing(times: Float64Array, before: number, after: number, step: number): number {
  const inTime = step > 0 ? Math.round(((times[after] as number) - (times[before] as number)) / step) - 1 : 0;
  return Math.max(after - before - 1, inTime);
}

/** Fills NaN within `[from, to]` on straight lines over time, in place. @returns how many were filled */
export function bridge(values: Float64Array, times: Float64Array, { from, to }: Chunk): number {
  let filled = 0;
  let last = from;
  for (let i = from + 1; i <= to; i++) {
    if (Number.isNaN(values[i])) continue;
    const t0 = times[last] as number;
    const v0 = values[last] as number;
    const slope = ((values[i] as number) - v0) / ((times[i] as number) - t0);
    for (let k = last + 1; k < i; k++, filled++) values[k] = v0 + slope * ((times[k] as number) - t0);
    last = i;
  }
  return filled;
}
