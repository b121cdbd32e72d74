/** What planning needs of a video's index: presentation times in seconds, ascending. */
export interface PlannableVideo {
  timestamps_s: readonly number[];
  keyframes_s: readonly number[];
  duration_s: number;
}

/** A stretch of video that one activity looks at: every frame with `start_s` ≤ time < `end_s`. */
export interface Segment {
  /** 0, 1, 2 … in the order of time. */
  n: number;
  start_s: number;
  end_s: number;
  frames: number;
}

/** A last stretch shorter than this share of a segment joins the one before. */
const SMALLEST_TAIL = 0.25;
/**
 * Towards the end a segment is only such a share of what is left, so that workers finish together and none
 * waits for the last whole one (guided self-scheduling, Polychronopoulos and Kuck 1987); a few cores are assumed.
 */
const SHARE_OF_REST = 1 / 5;
/** Beginning anew costs about as much as five frames: no segment is made shorter than this only for the end. */
const SHORTEST = 150;

/**
 * Cuts a video into segments of about `segmentFrames` frames, shorter ones at the end, at keyframes only, so that no frame is decoded
 * twice. Depends on nothing but the index: any number of workers sees the same segments, and an interrupted
 * job finds its own again. Every frame is in exactly one segment; the first segment also holds what lies
 * before the first keyframe. Where keyframes are rare, a segment is as long as the way between two of them.
 * @throws RangeError when the video has no frame or `segmentFrames` is not positive
 */
export function planDeep(video: PlannableVideo, segmentFrames: number): Segment[] {
  const times = video.timestamps_s;
  if (times.length === 0) throw new RangeError('A video without frames cannot be planned.');
  if (!(segmentFrames >= 1)) throw new RangeError(`segmentFrames must be 1 or more, not ${segmentFrames}.`);
  const starts = cuts(keyframePositions(video), times.length, segmentFrames);
  const end = endOf(video);
  return starts.map((start, n) => {
    const next = starts[n + 1] ?? times.length;
    return {
      n,
      start_s: times[start] as number,
      end_s: next < times.length ? (times[next] as number) : end,
      frames: next - start,
    };
  });
}

/** Which frames (by position in `timestamps_s`) are keyframes: ascending, unique, always with frame 0. */
export function keyframePositions(video: PlannableVideo): number[] {
  const times = video.timestamps_s;
  const positions = [0];
  let at = 0;
  for (const key of video.keyframes_s) {
    while (at < times.length && (times[at] as number) < key - 1e-6) at++;
    if (at < times.length && at > (positions.at(-1) as number)) positions.push(at);
  }
  return positions;
}

/** Each cut is the keyframe nearest to a segment's wanted length after the cut before; the earlier one of two as near. */
function cuts(keys: readonly number[], frames: number, segmentFrames: number): number[] {
  const starts = [0];
  let start = 0;
  for (let k = 1; k < keys.length; ) {
    const length = wantedLength(frames - start, segmentFrames);
    const wanted = start + length;
    while (
      k + 1 < keys.length &&
      Math.abs((keys[k + 1] as number) - wanted) < Math.abs((keys[k] as number) - wanted)
    ) {
      k++;
    }
    start = keys[k] as number;
    if (frames - start < length * SMALLEST_TAIL) break;
    starts.push(start);
    k++;
  }
  return starts;
}

function wantedLength(left: number, segmentFrames: number): number {
  return Math.min(segmentFrames, Math.max(SHORTEST, Math.ceil(left * SHARE_OF_REST)));
}

/** Just past the last frame, also where the container's duration is too short. */
function endOf({ timestamps_s: times, duration_s }: PlannableVideo): number {
  const last = times.at(-1) as number;
  const first = times[0] as number;
  const step = times.length > 1 ? (last - first) / (times.length - 1) : 1;
  return Math.max(duration_s, Math.ceil((last + step / 2) * 1e6) / 1e6);
}
