import { keypointNames } from '../keypoints.ts';
import type { PoseFrame, PoseSequence } from '../pose-sequence.ts';
import { round } from '../rounding.ts';
import { separated, textBlocks } from './text-blocks.ts';
import { writtenKeypoints } from './written-keypoints.ts';

/**
 * The keypoints as the model gave them, a line a frame: `frame` from 0, `time_s`, then x, y (display pixels) and score of each
 * keypoint; empty where the person is lost. RFC 4180 with line feeds.
 */
export function* exportKeypointsCsv({ frames }: Pick<PoseSequence, 'frames'>): Generator<string> {
  const columns = keypointNames.flatMap((name) => [`${name}_x`, `${name}_y`, `${name}_score`]);
  const lost = columns.map(() => '');
  const row = (frame: PoseFrame, i: number) => [
    i,
    round(frame.time_s, 6),
    ...(writtenKeypoints(frame) ?? lost),
  ];
  yield separated([['frame', 'time_s', ...columns]], ',');
  yield* textBlocks(frames.length, (from, to) =>
    separated(
      frames.slice(from, to).map((frame, i) => row(frame, from + i)),
      ',',
    ),
  );
}
