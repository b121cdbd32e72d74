import type { VideoLimits } from '../../../media/video/video-index.ts';

export interface DrawTask {
  task: 'draw';
  /** The local file, and what the user called it. */
  path: string;
  fileName: string;
  limits: Pick<VideoLimits, 'pixels'>;
  /** Ascending times of frames, as a look gave them. */
  frames: { time_s: number; keypoints: number[]; caption: string }[];
}

export interface DrawnFrame {
  time_s: number;
  jpeg: Uint8Array;
}
