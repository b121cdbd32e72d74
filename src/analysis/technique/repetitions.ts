import { jointAngleAt } from './angles.ts';
import { round } from './rounding.ts';
import type { CleanPose } from './signal/clean-pose.ts';
import type { Thresholds } from './thresholds.ts';

export interface Repetition {
  start_s: number;
  peak_s: number;
  end_s: number;
  /** Deepest bend that both knees reach, degrees. */
  peak_flexion_deg: number;
}

export interface Repetitions {
  /** Null where they could not be counted. */
  count: number | null;
  items: Repetition[];
  not_counted: string | null;
}

interface Bend {
  /** Seconds of video. */
  time: number;
  /** Flexion in degrees that both knees have at least. */
  deg: number;
}

/** A turn of the knees counts when they go this share of their whole range there and back. */
const TURN_SHARE = 0.4;
/** Where the video begins or ends in the middle of a repetition, half of that is enough. */
const CUT_OFF = 0.5;
/** A repetition begins and ends where the knees are within this share of its depth of the standing position. */
const STANDING_SHARE = 0.15;

/**
 * How often both knees bend and straighten together: turning points of the flexion that both reach (the smaller of the
 * two), so that the bent leg of a step or a stride does not count. Where one leg is hidden, the other stands for both.
 */
export function countRepetitions(pose: CleanPose, rules: Thresholds['repetition']): Repetitions {
  if (!pose.sampling.every_frame) {
    return { count: null, items: [], not_counted: 'only a sample of the frames was looked at' };
  }
  const bends = bendsOf(pose);
  if (bends.length === 0)
    return { count: null, items: [], not_counted: 'no knee is seen together with its hip and ankle' };
  const values = bends.map(({ deg }) => deg);
  const range = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  const peaks = peaksOf(values, Math.max(TURN_SHARE * range, 1));
  const items = peaks
    .filter(({ peak }) => (values[peak] as number) >= rules.smallest_depth_deg)
    .map((turn) => repetition(bends, turn));
  return { count: items.length, items, not_counted: null };
}

/** Deepest bend that both knees reach in the whole video, degrees; null where no knee is seen. */
export function peakKneeFlexion(pose: CleanPose): number | null {
  const bends = bendsOf(pose);
  if (bends.length === 0) return null;
  return round(
    bends.reduce((most, { deg }) => Math.max(most, deg), 0),
    1,
  );
}

function bendsOf(pose: CleanPose): Bend[] {
  const frames = Array.from(pose.times, (time, i) => ({
    time,
    left: jointAngleAt(pose, 'knee', 'left', i),
    right: jointAngleAt(pose, 'knee', 'right', i),
  }));
  const both = frames.filter(({ left, right }) => left !== null && right !== null);
  const either = frames.filter(({ left, right }) => left !== null || right !== null);
  const used = both.length * 2 >= either.length ? both : either;
  return used.map(({ time, left, right }) => ({ time, deg: Math.min(left ?? 180, right ?? 180) }));
}

interface Turn {
  /** Positions of the lowest point before, the peak, and the lowest point after. */
  before: number;
  peak: number;
  after: number;
}

/** Peaks that rise and fall by `turn` or more, from valley to valley. */
function peaksOf(values: readonly number[], turn: number): Turn[] {
  const turns: Turn[] = [];
  const at = (i: number) => values[i] as number;
  let valley = 0;
  let peak = -1;
  let after = 0;
  const enough = (rise: number, cut: boolean) => rise >= (cut ? turn * CUT_OFF : turn);
  for (let i = 0; i < values.length; i++) {
    if (peak < 0) {
      if (at(i) < at(valley)) valley = i;
      if (enough(at(i) - at(valley), valley === 0)) {
        peak = i;
        after = i;
      }
      continue;
    }
    if (at(i) > at(peak)) {
      peak = i;
      after = i;
    }
    if (at(i) < at(after)) after = i;
    if (enough(at(peak) - at(after), i === values.length - 1)) {
      turns.push({ before: valley, peak, after });
      [valley, peak] = [i, -1];
    }
  }
  return withValleys(turns, values);
}

/** The turn is known before the valley is reached: each `after` moves on to the lowest point before the next rise. */
function withValleys(turns: readonly Turn[], values: readonly number[]): Turn[] {
  return turns.map((turn, k) => {
    const end = turns[k + 1]?.peak ?? values.length;
    let after = turn.after;
    for (let i = turn.after; i < end; i++) if ((values[i] as number) < (values[after] as number)) after = i;
    return { ...turn, after };
  });
}

function repetition(bends: readonly Bend[], { before, peak, after }: Turn): Repetition {
  const at = (i: number) => (bends[i] as Bend).deg;
  const standing = (valley: number) => at(valley) + STANDING_SHARE * (at(peak) - at(valley));
  let start = peak;
  while (start > before && at(start) > standing(before)) start--;
  let end = peak;
  while (end < after && at(end) > standing(after)) end++;
  return {
    start_s: round((bends[start] as Bend).time, 3),
    peak_s: round((bends[peak] as Bend).time, 3),
    end_s: round((bends[end] as Bend).time, 3),
    peak_flexion_deg: round(at(peak), 1),
  };
}
