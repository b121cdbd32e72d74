import { inOrder, type PoseFrame, type PoseSequence } from './pose-sequence.ts';

/** What merging needs of the video's index. */
export interface MergedVideo {
  width: number;
  height: number;
  fps: number;
  /** Every frame's presentation time in seconds, ascending. */
  timestamps_s: readonly number[];
}

export interface MergeableSegment {
  n: number;
  frames: PoseFrame[];
}

/**
 * One sequence out of the segments' looks, whatever order they came in: each frame of the index exactly once,
 * ascending, null where nobody was followed, where the decoder gave no picture, and in `gaps` (segments that
 * followed somebody else, from `linkSegments`).
 */
export function mergeSegments(
  segments: readonly MergeableSegment[],
  video: MergedVideo,
  gaps: readonly number[] = [],
): PoseSequence {
  const seen = [...segments]
    .sort((a, b) => a.n - b.n)
    .flatMap(({ n, frames }) => (gaps.includes(n) ? frames.map(asLost) : frames));
  const expected = video.timestamps_s.map((time_s) => asLost({ time_s }));
  return {
    width: video.width,
    height: video.height,
    fps: video.fps,
    frames: inOrder([...expected, ...seen]),
  };
}

function asLost({ time_s }: { time_s: number }): PoseFrame {
  return { time_s, keypoints: null };
}
