import { keyframePositions, type PlannableVideo } from './plan-deep.ts';
import { LARGEST_STRIDE } from './signal/sampling.ts';

export interface QuickPlan {
  /** Presentation times of frames to look at, ascending, each that of a real frame. */
  times_s: number[];
  /** Frames a decoder must go through to reach them all, starting anew at each keyframe. */
  decoded_frames: number;
}

/** Decoding may cost so many times the frames looked at. A smaller reach is faster, and keeps neighbours near each other. */
const DECODE_BUDGET = 2;
/** A group of pictures that is a larger share of the video than this is not skipped over: too much would go unseen. */
const LARGEST_SKIP = 1 / 8;

/**
 * About `wanted` frames spread evenly over the whole video; every frame where it has no more than that.
 *
 * A video of up to four times that many is looked at in even steps of two, three or four frames, so that it
 * can still be filtered and repetitions counted.
 *
 * A decoder begins at a keyframe, so a frame far behind one is dear. Where reaching the even targets would
 * decode more than 2 × `wanted` frames, each target is drawn towards the keyframe before it: a group of
 * pictures keeps its number of targets, now spread over its first R frames, with R the largest reach that keeps
 * within the budget. Groups longer than an eighth of the video keep their even targets (and cost what they
 * cost): the container does not allow to skip there without leaving a large part unseen.
 * @throws RangeError when the video has no frame
 */
export function planQuick(video: PlannableVideo, wanted = 150): QuickPlan {
  const times = video.timestamps_s;
  if (times.length === 0) throw new RangeError('A video without frames cannot be planned.');
  if (times.length <= wanted) return { times_s: [...times], decoded_frames: times.length };
  const stride = Math.ceil(times.length / wanted);
  if (stride <= LARGEST_STRIDE) {
    const chosen = times.filter((_, i) => i % stride === 0);
    return { times_s: chosen, decoded_frames: (chosen.length - 1) * stride + 1 };
  }
  const targets = evenly(times.length, Math.max(1, Math.floor(wanted)));
  const groups = groupsOf(video, targets);
  const reach = reachWithin(groups, times.length, DECODE_BUDGET * wanted);
  const chosen = groups.flatMap((group) =>
    draw(group, mayShrink(group, times.length) ? reach : group.length),
  );
  const decoded = groups.reduce(
    (sum, group) => sum + cost(group, mayShrink(group, times.length) ? reach : group.length),
    0,
  );
  return { times_s: chosen.map((i) => times[i] as number), decoded_frames: decoded };
}

/** A keyframe and the frames up to the next one, with the targets that fall among them. */
interface Group {
  start: number;
  length: number;
  /** Positions after `start`, ascending, unique. */
  offsets: number[];
}

function evenly(frames: number, wanted: number): number[] {
  if (wanted === 1) return [0];
  return Array.from({ length: wanted }, (_, k) => Math.round((k * (frames - 1)) / (wanted - 1)));
}

function groupsOf(video: PlannableVideo, targets: readonly number[]): Group[] {
  const starts = keyframePositions(video);
  let t = 0;
  const groups = starts.map((start, g) => {
    const end = starts[g + 1] ?? video.timestamps_s.length;
    const offsets: number[] = [];
    for (; t < targets.length && (targets[t] as number) < end; t++)
      offsets.push((targets[t] as number) - start);
    return { start, length: end - start, offsets };
  });
  return groups.filter((group) => group.offsets.length > 0);
}

function mayShrink(group: Group, frames: number): boolean {
  return group.length <= frames * LARGEST_SKIP;
}

/** Offsets scaled into the group's first `reach` frames: as many as before, ascending, unique. */
function draw(group: Group, reach: number): number[] {
  const within = Math.max(reach, group.offsets.length);
  if (within >= group.length) return group.offsets.map((offset) => group.start + offset);
  let last = -1;
  return group.offsets.map((offset, k) => {
    const latest = within - (group.offsets.length - k);
    last = Math.min(Math.max(Math.floor((offset * within) / group.length), last + 1), latest);
    return group.start + last;
  });
}

function cost(group: Group, reach: number): number {
  return (draw(group, reach).at(-1) as number) - group.start + 1;
}

/** The largest reach whose cost is within `budget`, by bisection: cost grows with reach. */
function reachWithin(groups: readonly Group[], frames: number, budget: number): number {
  const shrinkable = groups.filter((group) => mayShrink(group, frames));
  const fixed = groups.filter((group) => !mayShrink(group, frames));
  const left = budget - fixed.reduce((sum, group) => sum + cost(group, group.length), 0);
  const total = (reach: number) => shrinkable.reduce((sum, group) => sum + cost(group, reach), 0);
  let low = 1;
  let high = Math.max(1, ...shrinkable.map((group) => group.length));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (total(middle) <= left) low = middle;
    else high = middle - 1;
  }
  return low;
}
