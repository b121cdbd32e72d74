import { z } from 'zod';
import { KEYPOINT_NUMBERS, keypointNames } from '../keypoints.ts';
import type { PoseSequence } from '../pose-sequence.ts';
import { round } from '../rounding.ts';

/** Stored keypoints: the per-frame artifact of a pass, and what a re-analysis starts from. */
export const storedKeypoints = z.object({
  format: z.literal('doubletake-keypoints'),
  version: z.literal(1),
  keypoint_names: z.array(z.string()),
  width: z.number(),
  height: z.number(),
  fps: z.number(),
  frames: z.array(
    z.object({ time_s: z.number(), keypoints: z.array(z.number()).length(KEYPOINT_NUMBERS).nullable() }),
  ),
});

/** A line a frame, so that the file can be read and compared by eye. */
export function exportKeypointsJson({ width, height, fps, frames }: PoseSequence): string {
  const head = {
    format: 'doubletake-keypoints',
    version: 1,
    keypoint_names: keypointNames,
    width,
    height,
    fps,
  };
  const lines = frames.map(({ time_s, keypoints }) =>
    JSON.stringify({
      time_s: round(time_s, 6),
      keypoints: keypoints?.map((value, k) => round(value, k % 3 === 2 ? 4 : 2)) ?? null,
    }),
  );
  return `${JSON.stringify(head).slice(0, -1)},"frames":[\n${lines.join(',\n')}\n]}\n`;
}

/** @throws ZodError, SyntaxError when the text is not what `exportKeypointsJson` writes */
export function readKeypointsJson(text: string): PoseSequence {
  const { width, height, fps, frames } = storedKeypoints.parse(JSON.parse(text));
  return { width, height, fps, frames };
}
