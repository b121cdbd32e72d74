import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bridge, chunksOf } from '../../../../../src/kinds/technique/analysis/signal/gaps.ts';

const rules = { longestGap: 100, shortestChunk: 10 };
const timesOf = (n: number) => Float64Array.from({ length: n }, (_, i) => i / 30);

/** `seen` frames, then as many missing, and so on. */
function path(...runs: number[]): Float64Array {
  return Float64Array.from(runs.flatMap((n, k) => new Array<number>(n).fill(k % 2 === 0 ? 1 : Number.NaN)));
}

test('a gap of 100 frames is bridged, one of 101 splits', () => {
  const short = path(20, 100, 20);
  expect(chunksOf(short, timesOf(short.length), 1 / 30, rules).chunks).toEqual([{ from: 0, to: 139 }]);
  const long = path(20, 101, 20);
  expect(chunksOf(long, timesOf(long.length), 1 / 30, rules).chunks).toEqual([
    { from: 0, to: 19 },
    { from: 121, to: 140 },
  ]);
});

test('a stretch of 9 frames between long gaps is dropped and counted, one of 10 is kept', () => {
  const values = path(9, 150, 10);
  const { chunks, dropped } = chunksOf(values, timesOf(values.length), 1 / 30, rules);
  expect(chunks).toEqual([{ from: 159, to: 168 }]);
  expect(dropped).toBe(9);
});

test('a hole in the timestamps is a gap too', () => {
  const values = path(40);
  const times = Float64Array.from({ length: 40 }, (_, i) => i / 30 + (i >= 20 ? 10 : 0));
  expect(chunksOf(values, times, 1 / 30, rules).chunks).toHaveLength(2);
});

test('a bridge is a straight line over time, not over frame numbers', () => {
  const times = Float64Array.from([0, 0.1, 0.4, 0.5]);
  const values = Float64Array.from([0, Number.NaN, Number.NaN, 10]);
  expect(bridge(values, times, { from: 0, to: 3 })).toBe(2);
  expect(values[1]).toBeCloseTo(2, 12);
  expect(values[2]).toBeCloseTo(8, 12);
});

test('whatever is missing: no gap over 100 frames is ever bridged, and every frame seen is kept or counted', () => {
  const runs = fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(runs, (lengths) => {
      const values = path(...lengths);
      const { chunks, dropped } = chunksOf(values, timesOf(values.length), 1 / 30, rules);
      let kept = 0;
      for (const { from, to } of chunks) {
        let missing = 0;
        let longest = 0;
        for (let i = from; i <= to; i++) {
          missing = Number.isNaN(values[i]) ? missing + 1 : 0;
          longest = Math.max(longest, missing);
          if (missing === 0) kept++;
        }
        expect(longest).toBeLessThanOrEqual(100);
      }
      expect(kept + dropped).toBe(values.filter((value) => !Number.isNaN(value)).length);
    }),
    { numRuns: 200 },
  );
});
