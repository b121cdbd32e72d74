import { readableAngleAt, type Side } from './angles.ts';
import { round } from './rounding.ts';
import type { CleanPose } from './signal/clean-pose.ts';
import type { RepetitionRules } from './thresholds.ts';

export interface Repetition {
  start_s: number;
  peak_s: number;
  end_s: number;
  /** Largest flexion of either knee between start and end, degrees; and which knee that is. */
  peak_flexion_deg: number;
  peak_flexion_side: Side;
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
  /** The larger of the two, and whose it is. */
  most: number;
  side: Side;
}

/** A turn of the knees counts when they go this share of their whole range there and back. */
const TURN_SHARE = 0.4;
/** Where the video begins or ends in the middle of a repetition, half of that is enough. */
const CUT_OFF = 0.5;
/** A repetition begins and ends where the knees are within this share of its depth of the standing position. */
const STANDING_SHARE = 0.15;

/** Within a repetition nothing longer than this may be unseen, seconds of real life. */
const LONGEST_BLINK_S = 0.5;

/**
 * How often both knees bend and straighten together: turning points of the flexion that both reach (the smaller of the
 * two). What is no squat, lunge or crouch is left out by `rules`: strides, in which one knee bends far more than the other,
 * and what is too shallow, too short, or partly out of sight. Where one leg is hidden, the other stands for both.
 * @param torso pixels
 */
export function countRepetitions(pose: CleanPose, torso: number, rules: RepetitionRules): Repetitions {
  if (pose.sampling.stride === null) {
    return { count: null, items: [], not_counted: 'only a sample of the frames was looked at' };
  }
  const bends = bendsOf(pose, torso);
  if (bends.length === 0) {
    return { count: null, items: [], not_counted: 'no knee is seen together with its hip and ankle' };
  }
  const items = peaksOf(bends.map(({ deg }) => deg))
    .map((turn) => stretchOf(bends, turn))
    .filter((stretch) => isRepetition(bends, stretch, pose.settings.slow_motion_factor, rules))
    .map(({ start, peak, end }) => {
      const { most, side } = bends.slice(start, end + 1).reduce((a, b) => (b.most > a.most ? b : a));
      return {
        start_s: timeOf(bends, start),
        peak_s: timeOf(bends, peak),
        end_s: timeOf(bends, end),
        peak_flexion_deg: round(most, 1),
        peak_flexion_side: side,
      };
    });
  return { count: items.length, items, not_counted: null };
}

function bendsOf(pose: CleanPose, torso: number): Bend[] {
  const frames = Array.from(pose.times, (time, i) => ({
    time,
    left: readableAngleAt(pose, torso, 'knee', 'left', i),
    right: readableAngleAt(pose, torso, 'knee', 'right', i),
  }));
  const both = frames.filter(({ left, right }) => left !== null && right !== null);
  const either = frames.filter(({ left, right }) => left !== null || right !== null);
  const used = both.length * 2 >= either.length ? both : either;
  return used.map(({ time, left, right }) => ({
    time,
    deg: Math.min(left ?? 180, right ?? 180),
    most: Math.max(left ?? 0, right ?? 0),
    side: (left ?? 0) >= (right ?? 0) ? 'left' : 'right',
  }));
}

interface Turn {
  /** Positions of the lowest point before, the peak, and the lowest point after. */
  before: number;
  peak: number;
  after: number;
}

/** Peaks that rise and fall by enough, from valley to valley. */
function peaksOf(values: readonly number[]): Turn[] {
  const range = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
  const turn = Math.max(TURN_SHARE * range, 1);
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

interface Stretch {
  start: number;
  peak: number;
  end: number;
}

/** From where the knees leave the standing position to where they are back. */
function stretchOf(bends: readonly Bend[], { before, peak, after }: Turn): Stretch {
  const at = (i: number) => (bends[i] as Bend).deg;
  const standing = (valley: number) => at(valley) + STANDING_SHARE * (at(peak) - at(valley));
  let start = peak;
  while (start > before && at(start) > standing(before)) start--;
  let end = peak;
  while (end < after && at(end) > standing(after)) end++;
  return { start, peak, end };
}

function isRepetition(
  bends: readonly Bend[],
  { start, peak, end }: Stretch,
  slowMotion: number,
  rules: RepetitionRules,
): boolean {
  const { deg, most } = bends[peak] as Bend;
  if (deg < rules.smallest_depth_deg || deg < rules.smallest_symmetry * most) return false;
  const seconds = (from: number, to: number) =>
    ((bends[to] as Bend).time - (bends[from] as Bend).time) / slowMotion;
  if (seconds(start, end) < rules.shortest_s) return false;
  for (let i = start; i < end; i++) if (seconds(i, i + 1) > LONGEST_BLINK_S) return false;
  return true;
}

function timeOf(bends: readonly Bend[], i: number): number {
  return round((bends[i] as Bend).time, 3);
}
