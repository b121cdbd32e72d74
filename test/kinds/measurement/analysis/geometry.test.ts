import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, homographyOf, inverse } from '../../../../src/kinds/measurement/analysis/plane/homography.ts';
import { quadrilateralOf } from '../../../../src/kinds/measurement/analysis/plane/quadrilateral.ts';
import { smallestRectangle } from '../../../../src/kinds/measurement/analysis/plane/smallest-rectangle.ts';
import { ellipseOf } from '../../../../src/kinds/measurement/geometry/ellipse.ts';
import {
  areaOf,
  contains,
  convexHull,
  perimeterOf,
  resample,
} from '../../../../src/kinds/measurement/geometry/polygon.ts';
import type { Point } from '../../../../src/kinds/measurement/outcome.ts';

const square: Point[] = [
  [0, 0],
  [50, 0],
  [50, 50],
  [0, 50],
];

function turned(points: readonly Point[], angle: number, [x, y]: Point = [0, 0]): Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(([u, v]) => [u * cos - v * sin + x, u * sin + v * cos + y]);
}

test('four corners give the map that made them, and back', () => {
  const seen: Point[] = [
    [778.9, 318.9],
    [631.6, 293.4],
    [656.3, 148.1],
    [803.6, 172.8],
  ];
  const h = homographyOf(seen, square) as readonly number[];
  const back = inverse(h) as readonly number[];
  for (const [i, corner] of seen.entries()) {
    const [x, y] = apply(h, corner);
    expect([x, y].map((v) => Number(v.toFixed(6)) + 0)).toEqual(square[i]);
    const [u, v] = apply(back, square[i] as Point);
    expect(Math.hypot(u - corner[0], v - corner[1])).toBeLessThan(1e-6);
  }
});

test('corners on a line span no plane', () => {
  const line: Point[] = [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
  ];
  expect(homographyOf(line, square)).toBeNull();
});

test('the smallest rectangle around a turned rectangle is that rectangle', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: Math.PI, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
      (angle, a, b) => {
        const corners = turned(
          [
            [0, 0],
            [a, 0],
            [a, b],
            [0, b],
          ],
          angle,
          [300, 200],
        );
        const found = smallestRectangle(resample(corners, 400));
        expect(found?.width).toBeLessThanOrEqual(Math.min(a, b) + 1e-6);
        expect(found?.width).toBeGreaterThan(Math.min(a, b) * 0.97 - 1e-6);
        expect(found?.height).toBeGreaterThan(Math.max(a, b) * 0.97 - 1e-6);
      },
    ),
  );
});

test('area, perimeter and hull of an L', () => {
  const corners: Point[] = [
    [0, 0],
    [4, 0],
    [4, 1],
    [1, 1],
    [1, 3],
    [0, 3],
  ];
  expect(areaOf(corners)).toBe(6);
  expect(perimeterOf(corners)).toBe(14);
  expect(areaOf(convexHull(corners))).toBe(9);
  expect(contains(corners, [0.5, 2])).toBe(true);
  expect(contains(corners, [3, 2])).toBe(false);
});

test('the ellipse of an outline has its axes', () => {
  const outline = Array.from({ length: 400 }, (_, i): Point => {
    const t = (i / 400) * 2 * Math.PI;
    return [60 * Math.cos(t), 35 * Math.sin(t)];
  });
  const found = ellipseOf(turned(outline, 0.7, [400, 300]));
  expect(found?.major).toBeCloseTo(60, 1);
  expect(found?.minor).toBeCloseTo(35, 1);
  expect(found?.residual).toBeLessThan(0.001);
  expect(ellipseOf(resample(square, 200))?.residual).toBeGreaterThan(0.05);
});

test('the four sides of a figure with rounded corners cross outside of it', () => {
  const corners: Point[] = [
    [100, 100],
    [300, 130],
    [290, 260],
    [90, 240],
  ];
  const cut = resample(corners, 400).filter((point) =>
    corners.every(([x, y]) => Math.hypot(point[0] - x, point[1] - y) > 10),
  );
  const found = quadrilateralOf(cut) as Point[];
  for (const [x, y] of corners) {
    expect(Math.min(...found.map(([u, v]) => Math.hypot(u - x, v - y)))).toBeLessThan(0.5);
  }
});
