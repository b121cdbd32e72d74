import { expect, test } from '@jest/globals';
import { withTold } from '../../../../src/kinds/measurement/analysis/told-values.ts';
import type { MeasuredObject, Quantity } from '../../../../src/kinds/measurement/outcome.ts';

const of = (value: number, unit: Quantity['unit']): Quantity => ({
  ...{ value, unit, pixel: value * 3, confidence: 0.6, method: 'by the homography' },
});
const object: MeasuredObject = {
  ...{ n: 1, width: of(85, 'mm'), height: of(168, 'mm'), area: of(14_000, 'mm²') },
  ...{ perimeter: of(500, 'mm'), solidity: of(0.98, '1'), orientation: of(65, 'deg') },
  ...{ outline: [], corners: [], confidence: 0.6, terms: [], source: 'machine' },
};

test('the machine’s area and perimeter stay beside sides that a person measured a little otherwise', () => {
  const told = withTold(object, { width_mm: 86, height_mm: 170 });
  expect(told).toMatchObject({ width: { value: 86 }, area: object.area, perimeter: object.perimeter });
  expect(told.confidence).toBe(0.6);
});

test('they are left out where they would be of another thing, unless the person gave them', () => {
  const told = withTold(object, { width_mm: 40, height_mm: 80, perimeter_mm: 235 });
  expect(told.area).toMatchObject({
    value: null,
    pixel: 42_000,
    method: expect.stringMatching(/^left out: /),
  });
  expect(told.perimeter).toMatchObject({ value: 235, method: expect.stringMatching(/^person: /) });
  // An answer after that says nothing of them; what was given is kept.
  expect(withTold(told, { width_mm: 41, height_mm: 120 }).perimeter.value).toBe(235);
});
