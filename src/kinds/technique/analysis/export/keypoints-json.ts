import { keypointNames } from '../keypoints.ts';
import type { PoseFrame, PoseSequence } from '../pose-sequence.ts';
import { round } from '../rounding.ts';
import { textBlocks } from './text-blocks.ts';
import { writtenKeypoints } from './written-keypoints.ts';

/**
 * Stored keypoints: the per-frame artifact of a pass, and what a re-analysis starts from (`StoredKeypointsReader`). A
 * line a frame, so that the file can be read and compared by eye, and taken in line by line.
 */
export function* exportKeypointsJson({ width, height, fps, frames }: PoseSequence): Generator<string> {
  const head = {
    format: 'doubletake-keypoints',
    version: 1,
    keypoint_names: keypointNames,
    width,
    height,
    fps,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[\n`;
  yield* textBlocks(frames.length, (from, to) => {
    const lines = frames.slice(from, to).map(lineOf).join(',\n');
    return from === 0 ? lines : `,\n${lines}`;
  });
  yield '\n]}\n';
}

function lineOf(frame: PoseFrame): string {
  return JSON.stringify({ time_s: round(frame.time_s, 6), keypoints: writtenKeypoints(frame) });
}
