import type { Level, WorstFrame } from '../../finding.ts';
import type { Measured } from '../metrics/metric.ts';
import { round } from '../rounding.ts';
import { severity, type Threshold } from '../thresholds.ts';

/** How many moments are shown: what is to be left alone needs one picture, what comes first needs three. */
const wanted: Readonly<Record<Level, number>> = { low: 1, medium: 2, high: 3 };
/** Worst moments lie at least so far apart, or they would all show the same one. */
const APART_S = 0.5;

export interface Moments {
  time_range_s: { start: number; end: number } | null;
  worst_frames: WorstFrame[];
}

/**
 * When a metric was at its worst. The time range is from the first to the last frame beyond the medium threshold, or all that was
 * measured where none is; the worst frames lie within it, the gravest first.
 * @param times seconds of each frame of the sequence
 */
export function worstMoments(
  measured: Measured,
  threshold: Threshold,
  level: Level,
  times: Float64Array,
): Moments {
  const rated = measured.course.map(({ frame, value }) => ({
    time: times[frame] as number,
    value,
    bad: severity(value, threshold),
  }));
  const beyond = rated.filter(({ bad }) => bad >= 0);
  const range = beyond.length > 0 && level !== 'low' ? beyond : rated;
  const worst: typeof rated = [];
  for (const moment of [...range].sort((a, b) => b.bad - a.bad || a.time - b.time)) {
    if (worst.length === wanted[level]) break;
    if (worst.every(({ time }) => Math.abs(time - moment.time) >= APART_S)) worst.push(moment);
  }
  const [first, last] = [range[0], range.at(-1)];
  return {
    time_range_s: first && last ? { start: round(first.time, 6), end: round(last.time, 6) } : null,
    worst_frames: worst.map(({ time, value }) => ({ time_s: round(time, 6), value, artifact_key: null })),
  };
}
