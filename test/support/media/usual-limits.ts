import type { VideoLimits } from '../../../src/media/video/video-index.ts';

/** An hour, and pictures up to 8K: what a worker allows unless told otherwise. */
export const usualLimits: VideoLimits = { durationSeconds: 3600, pixels: 35_389_440 };
