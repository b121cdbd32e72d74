import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { refusalOfPolygon } from '../../../../../src/kinds/camera/api/polygon.ts';
import type { Polygon } from '../../../../../src/kinds/camera/events/camera.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('a star around a point is taken, however its corners are turned and wherever it begins', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 5, maxLength: 40 }),
      fc.array(fc.double({ min: 0.1, max: 0.5, noNaN: true }), { minLength: 40, maxLength: 40 }),
      fc.boolean(),
      (degrees, radii, isTurned) => {
        const around = [...degrees].sort((one, other) => one - other);
        // With more than half a turn between two corners the centre lies outside, and edges may meet.
        const gaps = around.map((at, n) => (around[n + 1] ?? (around[0] as number) + 360) - at);
        fc.pre(gaps.every((gap) => gap < 170));
        const corners: Polygon = around.map((degree, n) => {
          const [angle, radius] = [(degree * Math.PI) / 180, radii[n] as number];
          return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)];
        });
        expect(refusalOfPolygon(isTurned ? [...corners].reverse() : corners)).toBeNull();
      },
    ),
  );
});

test('two corners that change places in a quadrilateral make it cross itself', () => {
  fc.assert(
    fc.property(share, share, share, share, (a, b, c, d) => {
      const [left, right] = [0.4 * a, 0.6 + 0.4 * b];
      const [top, bottom] = [0.4 * c, 0.6 + 0.4 * d];
      const corners: Polygon = [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ];
      expect(refusalOfPolygon(corners)).toBeNull();
      const [one, two, three, four] = corners as [Polygon[0], Polygon[0], Polygon[0], Polygon[0]];
      expect(refusalOfPolygon([one, three, two, four])).toMatch(/crosses/);
    }),
  );
});

test.each<[string, Polygon, RegExp]>([
  [
    'that touches itself in a corner',
    [
      [0, 0],
      [1, 0],
      [0.5, 0.5],
      [1, 1],
      [0, 1],
      [0.5, 0.5],
    ],
    /touches/,
  ],
  [
    'that goes back the way it came',
    [
      [0, 0],
      [1, 1],
      [0.5, 0.5],
      [0, 0.2],
    ],
    /touches|crosses/,
  ],
  [
    'whose first corner is given again',
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
    /only once/,
  ],
  [
    'of corners on one line',
    [
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ],
    /encloses nothing/,
  ],
  [
    'of one point',
    [
      [0.3, 0.3],
      [0.3, 0.3],
      [0.3, 0.3],
    ],
    /encloses nothing/,
  ],
])('a polygon %s is refused', (_what, corners, words) => {
  expect(refusalOfPolygon(corners)).toMatch(words);
});
