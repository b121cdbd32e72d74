import { stringify } from 'csv-stringify/sync';
import { keypointNames } from '../keypoints.ts';
import type { PoseSequence } from '../pose-sequence.ts';
import { round } from '../rounding.ts';

/**
 * The keypoints as the model gave them, a line a frame: `frame` from 0, `time_s`, then x, y (display pixels) and score of each
 * keypoint; empty where the person is lost. RFC 4180 with line feeds.
 */
export function exportKeypointsCsv({ frames }: PoseSequence): string {
  const columns = keypointNames.flatMap((name) => [`${name}_x`, `${name}_y`, `${name}_score`]);
  const rows = frames.map(({ time_s, keypoints }, i) => [
    i,
    round(time_s, 6),
    ...(keypoints?.map((value, k) => round(value, k % 3 === 2 ? 4 : 2)) ?? columns.map(() => '')),
  ]);
  return stringify([['frame', 'time_s', ...columns], ...rows]);
}
