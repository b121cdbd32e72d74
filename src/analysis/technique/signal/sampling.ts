import type { PoseSequence } from '../pose-sequence.ts';

export interface SignalSettings {
  /** Low-pass cut-off in hertz of real life, not of slowed-down video. */
  cutoff_hz: number;
  /** How many times slower than life the video plays. */
  slow_motion_factor: number;
}

/** How a sequence samples the movement, and what filtering that allows. */
export interface Sampling {
  /** Whether (nearly) every frame of the stretch was looked at. */
  every_frame: boolean;
  /** Mean rate of the video's frames in real life: frame rate × slow-motion factor. */
  rate_hz: number;
  /** Cut-off as a fraction of that rate; null where nothing is filtered. */
  cutoff: number | null;
  /** Why nothing is filtered; null where it is. */
  reason: string | null;
}

/** Below this share of a stretch's frames, what lies between two samples is unknown. */
const EVERY_FRAME_SHARE = 0.8;

/**
 * A filter needs every frame, and a cut-off below the Nyquist frequency (half the rate). Where either is missing
 * the keypoints are used as they are and the result says so.
 */
export function samplingOf(
  sequence: PoseSequence,
  { cutoff_hz, slow_motion_factor }: SignalSettings,
): Sampling {
  const { frames, fps } = sequence;
  const span = frames.length > 1 ? (frames.at(-1)?.time_s ?? 0) - (frames[0]?.time_s ?? 0) : 0;
  const every_frame = frames.length >= EVERY_FRAME_SHARE * (span * fps + 1);
  const rate_hz = fps * slow_motion_factor;
  const nyquist = rate_hz / 2;
  const reason = !every_frame
    ? `only ${frames.length} frames of the video were looked at; between them the movement is unknown`
    : !(cutoff_hz < nyquist)
      ? `the video has ${plain(rate_hz)} frames for each second of movement, which can show nothing above ${plain(nyquist)} Hz; a low-pass at ${plain(cutoff_hz)} Hz has nothing to remove`
      : null;
  return { every_frame, rate_hz, cutoff: reason ? null : cutoff_hz / rate_hz, reason };
}

function plain(value: number): string {
  return String(Math.round(value * 10) / 10);
}
