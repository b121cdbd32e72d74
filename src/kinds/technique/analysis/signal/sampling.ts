import type { PoseSequence } from '../pose-sequence.ts';
import { isEven } from './resample.ts';

export interface SignalSettings {
  /** Low-pass cut-off in hertz of real life, not of slowed-down video. */
  cutoff_hz: number;
  /** How many times slower than life the video plays. */
  slow_motion_factor: number;
}

/** How a sequence samples the movement, and what filtering that allows. */
export interface Sampling {
  /**
   * 1: (nearly) every frame of the stretch was looked at; 2, 3 or 4: evenly every second, third or fourth one. Null: a
   * sparse or uneven sample, between whose frames the movement is unknown.
   */
  stride: number | null;
  /** Time between two frames of the video itself, seconds of video. */
  frame_s: number;
  /** Mean rate of the frames looked at in real life: frame rate / stride × slow-motion factor. */
  rate_hz: number;
  /** Cut-off as a fraction of that rate; null where nothing is filtered. */
  cutoff: number | null;
  /** Why nothing is filtered; null where it is. */
  reason: string | null;
}

/** Fewer of a stretch's frames than this leave too much unknown between two of them. */
const ENOUGH_SHARE = 0.8;
/** Every fourth frame of an ordinary video is still seven a second. */
export const LARGEST_STRIDE = 4;

/**
 * A filter needs an unbroken series, and a cut-off below its Nyquist frequency (half the rate). Where either is
 * missing the keypoints are used as they are and the result says so.
 */
export function samplingOf(
  sequence: PoseSequence,
  { cutoff_hz, slow_motion_factor }: SignalSettings,
): Sampling {
  const { frames, fps } = sequence;
  const stride = strideOf(sequence);
  const rate_hz = (fps / (stride ?? 1)) * slow_motion_factor;
  const nyquist = rate_hz / 2;
  const reason =
    stride === null
      ? `only ${frames.length} frames of the video were looked at; between them the movement is unknown`
      : !(cutoff_hz < nyquist)
        ? `${plain(rate_hz)} frames for each second of movement can show nothing above ${plain(nyquist)} Hz, so a low-pass at ${plain(cutoff_hz)} Hz has nothing to remove`
        : null;
  return { stride, frame_s: 1 / fps, rate_hz, cutoff: reason ? null : cutoff_hz / rate_hz, reason };
}

/** With variable frame rates the steps differ, so it goes by how many of the stretch's frames are there. */
function strideOf({ frames, fps }: PoseSequence): number | null {
  if (frames.length < 2) return 1;
  const span = (frames.at(-1)?.time_s ?? 0) - (frames[0]?.time_s ?? 0);
  if (frames.length >= ENOUGH_SHARE * (span * fps + 1)) return 1;
  const stride = Math.round((span * fps) / (frames.length - 1));
  const even = isEven(Float64Array.from(frames, ({ time_s }) => time_s));
  return even && stride <= LARGEST_STRIDE ? stride : null;
}

function plain(value: number): string {
  return String(Math.round(value * 10) / 10);
}
