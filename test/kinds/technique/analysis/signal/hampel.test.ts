import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hampel } from '../../../../../src/kinds/technique/analysis/signal/hampel.ts';

const slow = Float64Array.from({ length: 60 }, (_, i) => 100 + 40 * Math.sin(i / 8));

test('a point that jumps for one frame is put back among its neighbours', () => {
  const jumped = slow.slice();
  jumped[30] = 900;
  const { values, replaced } = hampel(jumped);
  expect(replaced).toBe(1);
  expect(Math.abs((values[30] as number) - (slow[30] as number))).toBeLessThan(5);
});

test('two wrong points beside each other are still both found', () => {
  const jumped = slow.slice();
  jumped[30] = 900;
  jumped[31] = 905;
  expect(hampel(jumped).replaced).toBe(2);
});

test('a smooth movement with its turning points is left alone', () => {
  expect(hampel(slow).replaced).toBe(0);
});

test('missing points stay missing and do not disturb the others', () => {
  const holes = slow.slice().fill(Number.NaN, 20, 25);
  const { values, replaced } = hampel(holes);
  expect(replaced).toBe(0);
  expect(values.slice(20, 25).every(Number.isNaN)).toBe(true);
});

test('any series stays within its own range', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (list) => {
        const { values } = hampel(Float64Array.from(list));
        expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...list));
        expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...list));
      },
    ),
    { numRuns: 100 },
  );
});
