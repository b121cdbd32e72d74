import type { ModelFile } from '../media/models/load-model.ts';
import type { VideoIndex, VideoLimits } from '../media/video/video-index.ts';
import type { MeasureResult, MeasureTask } from './measurement/child/measure-task.ts';
import type { Box, Look } from './technique/analysis/look.ts';

/** Every task names the local file it opens and what the user called it. */
interface FileTask {
  path: string;
  fileName: string;
}

export interface IndexTask extends FileTask {
  task: 'index';
  limits: VideoLimits;
}

export type Span =
  /** Ascending seconds; for each, the first frame at or after it. */
  | { kind: 'samples'; times_s: number[] }
  /** Every frame with start ≤ time < end. Begin at a keyframe: what lies before one in its group is decoded for nothing. */
  | { kind: 'segment'; start_s: number; end_s: number };

export interface LookTask extends FileTask {
  task: 'look';
  limits: Pick<VideoLimits, 'pixels'>;
  span: Span;
  /** Where the person to follow is in the first frame, display pixels. */
  seed?: Box | null;
  /** How the person to follow looks, from another look's `appearance`. */
  appearance?: readonly number[];
  models: { pose: ModelFile; detector: ModelFile };
}

/** A look, and how often each model ran for it: what it costs beyond decoding. */
export interface LookResult extends Look {
  pose_runs: number;
  detector_runs: number;
}

export interface DrawTask extends FileTask {
  task: 'draw';
  limits: Pick<VideoLimits, 'pixels'>;
  /** Ascending times of frames, as a look gave them. */
  frames: { time_s: number; keypoints: number[]; caption: string }[];
}

export interface DrawnFrame {
  time_s: number;
  jpeg: Uint8Array;
}

/** What a vision child can do: the type argument of `openChildPool`. */
export interface VisionTasks {
  index: { task: IndexTask; result: VideoIndex; progress: never };
  look: { task: LookTask; result: LookResult; progress: LookProgress };
  draw: { task: DrawTask; result: DrawnFrame[]; progress: never };
  measure: { task: MeasureTask; result: MeasureResult; progress: never };
}

export interface LookProgress {
  frames_done: number;
}
