import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Ellipse } from '../../../../src/kinds/measurement/geometry/ellipse.ts';
import { ellipseThrough, largestGap } from '../../../../src/kinds/measurement/geometry/ellipse-through.ts';
import type { Point } from '../../../../src/kinds/measurement/outcome.ts';

const rim = (major: number, minor: number, angle: number, [x, y]: Point, at: readonly number[]): Point[] =>
  at.map((t) => {
    const [u, v] = [major * Math.cos(t), minor * Math.sin(t)];
    return [x + u * Math.cos(angle) - v * Math.sin(angle), y + u * Math.sin(angle) + v * Math.cos(angle)];
  });

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const around = (n: number) => Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n);

test('any ellipse is found by some points on its rim, wherever they lie', () => {
  fc.assert(
    fc.property(
      number(20, 2000),
      number(0.3, 1),
      number(0, Math.PI),
      number(0, 4000),
      fc.array(number(-0.4, 0.4), { minLength: 6, maxLength: 20 }),
      (major, flat, angle, place, shifts) => {
        const at = around(shifts.length).map((t, i) => t + (shifts[i] as number));
        const found = ellipseThrough(rim(major, major * flat, angle, [place, 4000 - place], at));
        expect((found?.major ?? 0) / major).toBeCloseTo(1, 4);
        expect((found?.minor ?? 0) / (major * flat)).toBeCloseTo(1, 4);
        const [from, , to] = (found as Ellipse).ends;
        expect((from[0] + to[0]) / 2 / 4000).toBeCloseTo(place / 4000, 4);
        expect(found?.residual).toBeLessThan(1e-4);
      },
    ),
  );
});

test('the major axis points where it points', () => {
  const found = ellipseThrough(rim(100, 50, 0.5, [300, 200], around(8)));
  const [from, , to] = (found as Ellipse).ends;
  expect((to[1] - from[1]) / (to[0] - from[0])).toBeCloseTo(Math.tan(0.5), 6);
});

test('points on a line, in one spot, on a branch of a hyperbola or too few make none', () => {
  const line = around(6).map((t): Point => [t, 2 * t]);
  expect(ellipseThrough(line)).toBeNull();
  expect(ellipseThrough(line.map((): Point => [7, 7]))).toBeNull();
  expect(ellipseThrough([-2, -1, 0, 1, 2, 3].map((t): Point => [Math.cosh(t), Math.sinh(t)]))).toBeNull();
  expect(ellipseThrough(rim(100, 50, 0, [0, 0], around(4)))).toBeNull();
});

test('a part of the rim without points is told in degrees', () => {
  const points = rim(100, 60, 1, [50, 50], around(12).slice(0, 9));
  expect(largestGap(ellipseThrough(points) as Ellipse, points)).toBeCloseTo(120, 3);
});
