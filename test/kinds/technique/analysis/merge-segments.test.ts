import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeSegments } from '../../../../src/kinds/technique/analysis/merge-segments.ts';
import type { PoseFrame } from '../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { keypointsOf } from './stick-figure.ts';

const timestamps_s = Array.from({ length: 40 }, (_, i) => Math.round((i / 30) * 1e6) / 1e6);
const video = { width: 1080, height: 1920, fps: 30, timestamps_s };
const figure = (i: number) => keypointsOf({ at: { x: 100 + i, y: 900 } });

function lookAt(from: number, to: number): PoseFrame[] {
  return timestamps_s.slice(from, to).map((time_s, k) => ({ time_s, keypoints: figure(from + k) }));
}

const parts = [lookAt(0, 10), lookAt(10, 25), lookAt(25, 40)].map((frames, n) => ({ n, frames }));
const whole = timestamps_s.map((time_s, i) => ({ time_s, keypoints: figure(i) }));

test('every frame once, whatever order the segments came in', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(parts, { minLength: 3 }), (shuffled) => {
      expect(mergeSegments(shuffled, video).frames).toEqual(whole);
    }),
    { numRuns: 12 },
  );
});

test('a frame that two segments saw is there once', () => {
  const overlapping = [parts[0], { n: 1, frames: lookAt(8, 25) }, parts[2]].filter(
    (part) => part !== undefined,
  );
  expect(mergeSegments(overlapping, video).frames).toEqual(whole);
});

test('frames the decoder could not give are gaps in their place', () => {
  const damaged = lookAt(10, 25);
  damaged.splice(3, 4);
  const { frames } = mergeSegments(
    [parts[0] as (typeof parts)[0], { n: 1, frames: damaged }, parts[2] as (typeof parts)[0]],
    video,
  );
  expect(frames.map(({ time_s }) => time_s)).toEqual(timestamps_s);
  expect(frames.map(({ keypoints }, i) => (keypoints ? -1 : i)).filter((i) => i >= 0)).toEqual([
    13, 14, 15, 16,
  ]);
});

test('a segment that followed somebody else is a gap', () => {
  const { frames } = mergeSegments(parts, video, [1]);
  expect(frames.every(({ keypoints }, i) => (keypoints === null) === (i >= 10 && i < 25))).toBe(true);
});
