import { KEYPOINT_COUNT } from '../keypoints.ts';
import { round } from '../rounding.ts';
import {
  type CleanPose,
  CONFIDENCE_CUT,
  HAMPEL_SIGMAS,
  HAMPEL_WINDOW,
  LONGEST_GAP_FRAMES,
  SHORTEST_CHUNK_FRAMES,
} from './clean-pose.ts';

/** What was done to the keypoints before anything was measured. Counts are of keypoints × frames. */
export interface SignalSummary {
  sampling: 'every_frame' | 'every_nth_frame' | 'samples';
  /** n of every nth frame; null for samples. */
  stride: number | null;
  frame_rate_hz: number;
  slow_motion_factor: number;
  /** Rate of the frames looked at in real life: frame rate / stride × slow-motion factor. */
  effective_rate_hz: number;
  confidence_cut: number;
  below_confidence: number;
  longest_gap_frames: number;
  bridged: number;
  splits: number;
  shortest_chunk_frames: number;
  dropped: number;
  outliers: { filter: string; window_frames: number; sigmas: number; replaced: number } | null;
  low_pass: { filter: string; cutoff_hz: number; cutoff_in_video_hz: number; resampled: boolean } | null;
  /** Why there is no low-pass; null where there is one. */
  not_filtered: string | null;
}

export function signalSummary(pose: CleanPose, fps: number): SignalSummary {
  const { sampling, settings, paths } = pose;
  const total = (count: (path: (typeof paths)[number]) => number) =>
    paths.reduce((sum, path) => sum + count(path), 0);
  const kept = total((path) => path.seen.reduce((sum, seen) => sum + seen, 0) + path.dropped);
  return {
    sampling:
      sampling.stride === null ? 'samples' : sampling.stride === 1 ? 'every_frame' : 'every_nth_frame',
    stride: sampling.stride,
    frame_rate_hz: round(fps, 3),
    slow_motion_factor: round(settings.slow_motion_factor, 3),
    effective_rate_hz: round(sampling.rate_hz, 3),
    confidence_cut: CONFIDENCE_CUT,
    below_confidence: pose.times.length * KEYPOINT_COUNT - kept,
    longest_gap_frames: LONGEST_GAP_FRAMES,
    bridged: total((path) => path.bridged),
    splits: total((path) => path.splits),
    shortest_chunk_frames: SHORTEST_CHUNK_FRAMES,
    dropped: total((path) => path.dropped),
    outliers:
      sampling.stride !== null
        ? {
            filter: 'Hampel',
            window_frames: HAMPEL_WINDOW,
            sigmas: HAMPEL_SIGMAS,
            replaced: total((path) => path.outliers),
          }
        : null,
    low_pass:
      sampling.cutoff === null
        ? null
        : {
            filter: 'Butterworth, 4th order, zero phase',
            cutoff_hz: round(settings.cutoff_hz, 3),
            cutoff_in_video_hz: round(settings.cutoff_hz / settings.slow_motion_factor, 3),
            resampled: paths.some((path) => path.resampled),
          },
    not_filtered: sampling.reason,
  };
}
