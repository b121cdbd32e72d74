import { expect, test } from '@jest/globals';
import type { Segment } from '../../../src/kinds/technique/analysis/plan-deep.ts';
import { segmentsAtOnce } from '../../../src/workflows/technique/segments-at-once.ts';

const plan = (segments: number, concurrency?: number) => ({
  segments: Array.from(
    { length: segments },
    (_, n): Segment => ({ n, start_s: n, end_s: n + 1, frames: 30 }),
  ),
  frames: segments * 30,
  ...(concurrency === undefined ? {} : { concurrency }),
});

test.each([
  ['a worker of two cores has two at work and two waiting', 14, 2, 4],
  ['a worker of sixteen cores has enough', 14, 16, 32],
  ['of a long video there is work for more workers than one', 60, 2, 15],
  ['other jobs get their turn', 1800, 2, 32],
  ['a history from before goes on as it began', 14, undefined, 32],
])('%s', (_, segments, concurrency, atOnce) => {
  expect(segmentsAtOnce(plan(segments, concurrency))).toBe(atOnce);
});
