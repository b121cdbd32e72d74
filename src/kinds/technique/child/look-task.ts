import type { VideoLimits } from '../../../media/video/video-index.ts';
import type { Box, Look } from '../analysis/look.ts';
import type { TechniqueModels } from '../technique-models.ts';

export type Span =
  /** Ascending seconds; for each, the first frame at or after it. */
  | { kind: 'samples'; times_s: number[] }
  /** Every frame with start ≤ time < end. Begin at a keyframe: what lies before one in its group is decoded for nothing. */
  | { kind: 'segment'; start_s: number; end_s: number };

export interface LookTask {
  task: 'look';
  /** The local file, and what the user called it. */
  path: string;
  fileName: string;
  limits: Pick<VideoLimits, 'pixels'>;
  span: Span;
  /** Where the person to follow is in the first frame, display pixels. */
  seed?: Box | null;
  /** How the person to follow looks, from another look's `appearance`. */
  appearance?: readonly number[];
  models: TechniqueModels;
}

/** A look, and how often each model ran for it: what it costs beyond decoding. */
export interface LookResult extends Look {
  pose_runs: number;
  detector_runs: number;
}

export interface LookProgress {
  frames_done: number;
}
