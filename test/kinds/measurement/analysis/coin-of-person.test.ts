import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply } from '../../../../src/kinds/measurement/analysis/plane/homography.ts';
import {
  expectedError,
  type ReferencePlane,
} from '../../../../src/kinds/measurement/analysis/reference/plane.ts';
import { planeOfPerson } from '../../../../src/kinds/measurement/analysis/reference/plane-of-person.ts';
import type { Point } from '../../../../src/kinds/measurement/outcome.ts';
import { map, projection } from '../../../support/measurement/render-scene.ts';

const size = { width: 4000, height: 3000 };
const diameter = 40;

const seen = (tilt: number, turn: number, place: Point): Point =>
  map(projection({ ...size, focal: 1, tilt, turn, distance: 600, over: [0, 0] }), ...place);

/** Points on the rim of a coin in the picture's middle, as a person sees them. */
function rimOf(tilt: number, turn: number, angles: readonly number[]): Point[] {
  return angles.map((t) => seen(tilt, turn, [(diameter / 2) * Math.cos(t), (diameter / 2) * Math.sin(t)]));
}

const shown = (rim: readonly Point[]) =>
  planeOfPerson(rim, { kind: 'coin', diameter_mm: diameter }, diameter, size) as ReferencePlane;

/** Length in the plane of a stroke of 10 mm at the coin's middle, in some direction. */
function lengthAt({ homography }: ReferencePlane, tilt: number, turn: number, direction: number): number {
  const [u, v] = [5 * Math.cos(direction), 5 * Math.sin(direction)];
  const [[a, b], [c, d]] = [
    apply(homography, seen(tilt, turn, [-u, -v])),
    apply(homography, seen(tilt, turn, [u, v])),
  ];
  return Math.hypot(a - c, b - d);
}

test('wherever on the rim the points lie, lengths beside the coin are right in every direction', () => {
  const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 55 }),
      angle,
      angle,
      fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 6, maxLength: 12 }),
      (tilt, turn, direction, shifts) => {
        const rim = rimOf(
          tilt,
          turn,
          shifts.map((shift, i) => (2 * Math.PI * i) / shifts.length + shift),
        );
        expect(Math.abs(lengthAt(shown(rim), tilt, turn, direction) / 10 - 1)).toBeLessThan(0.01);
      },
    ),
  );
});

test('the ends of its axes, as an earlier answer is kept, give the same plane', () => {
  const rim = shown(rimOf(30, 1, [0, 1, 2, 3, 4, 5]));
  const again = shown(rim.found.corners);
  for (const direction of [0, 1, 2]) {
    expect(lengthAt(again, 30, 1, direction)).toBeCloseTo(lengthAt(rim, 30, 1, direction), 6);
  }
  expect(again.terms).toEqual(rim.terms);
});

test('seen aslant it tells less, the farther from it the less, as when the machine finds it', () => {
  const straight = shown(rimOf(1, 1, [0, 1, 2, 3, 4, 5]));
  const aslant = shown(rimOf(40, 1, [0, 1, 2, 3, 4, 5]));
  expect(aslant.terms[0]).toMatchObject({ name: 'tilt' });
  expect(aslant.terms[0]?.value).toBeCloseTo(40, 0);
  const box: Point[] = [
    [2600, 1500],
    [2900, 1500],
    [2900, 1800],
    [2600, 1800],
  ];
  expect(expectedError(aslant, box) - expectedError(straight, box)).toBeGreaterThan(
    (0.7 * Math.tan((40 * Math.PI) / 180) * 750) / 4000,
  );
});
