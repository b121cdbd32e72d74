import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, scoreEvents } from '../../../../src/kinds/camera/analysis/score-events.ts';

const from = (...pairs: [number, number][]): Interval[] =>
  pairs.map(([start_s, end_s]) => ({ start_s, end_s }));

test('nothing to find and nothing found is a perfect score, anything found is none', () => {
  expect(scoreEvents([], [])).toEqual({ f1: 1, matched: 0, missed: 0, invented: 0, border_error_s: null });
  expect(scoreEvents(from([1, 2]), []).f1).toBe(0);
  expect(scoreEvents([], from([1, 2])).f1).toBe(0);
});

test('an event counts as found at an overlap of 0.3, and not below', () => {
  expect(scoreEvents(from([7, 17]), from([0, 10])).matched).toBe(0);
  expect(scoreEvents(from([0, 3]), from([0, 10]))).toEqual({
    f1: 1,
    matched: 1,
    missed: 0,
    invented: 0,
    border_error_s: 3.5,
  });
  expect(scoreEvents(from([0, 2.9]), from([0, 10])).f1).toBe(0);
});

test('of several that overlap one, the one that agrees best is matched and the others are invented', () => {
  expect(scoreEvents(from([0, 6], [6.5, 10], [20, 21]), from([0, 10], [30, 31]))).toMatchObject({
    matched: 1,
    missed: 1,
    invented: 2,
    f1: 2 / 5,
    border_error_s: 2,
  });
});

test('borders are the mean distance of starts and ends', () => {
  const { border_error_s } = scoreEvents(from([1.5, 5], [10, 20.1]), from([1, 5.4], [10, 20]));
  expect(border_error_s).toBeCloseTo((0.5 + 0.4 + 0 + 0.1) / 4);
});

test('what was meant scores 1 against itself, in any order', () => {
  const intervals = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })))
    .map((steps) => {
      let at = 0;
      return steps.map(([pause, length]) => {
        const start_s = at + pause;
        at = start_s + length;
        return { start_s, end_s: at };
      });
    });
  fc.assert(
    fc.property(intervals, (truth) => {
      expect(scoreEvents(truth.toReversed(), truth)).toMatchObject({ f1: 1, missed: 0, invented: 0 });
    }),
  );
});
