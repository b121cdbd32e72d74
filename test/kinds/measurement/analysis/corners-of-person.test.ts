import { expect, test } from '@jest/globals';
import { planeOfPerson } from '../../../../src/kinds/measurement/analysis/reference/plane-of-person.ts';
import type { Point } from '../../../../src/kinds/measurement/outcome.ts';
import { map, projection } from '../../../support/measurement/render-scene.ts';
import { seededRandom } from '../../../support/measurement/seeded-random.ts';

const size = { width: 4000, height: 3000 };

/** Scores of a marker's four corners by the name of the term. */
function scoresOf(corners: readonly Point[], side = 50): Record<string, number> {
  const wanted = { kind: 'aruco' as const, dictionary: 'DICT_5X5_50' as const, size_mm: side };
  const plane = planeOfPerson(corners, wanted, side, size);
  return Object.fromEntries((plane?.terms ?? []).map(({ name, score }) => [name, score]));
}

test.each([30, 60, 150])('corners of a marker of %s mm, clicked to 2 pixels, pass', (side) => {
  const random = seededRandom(side);
  const click = () => Array.from({ length: 12 }, random).reduce((a, b) => a + b, -6) * 2;
  let low = 0;
  for (let i = 0; i < 100; i++) {
    const camera = { focal: 0.6 + random(), tilt: 50 * random(), turn: 360 * random(), distance: 400 };
    const [x, y] = [(random() - 0.5) * 120, (random() - 0.5) * 80];
    const view = projection({ ...size, ...camera, over: [0, 0] });
    const half = side / 2;
    const corners = [
      [x - half, y - half],
      [x + half, y - half],
      [x + half, y + half],
      [x - half, y + half],
    ].map(([u, v]): Point => {
      const [p, q] = map(view, u as number, v as number);
      return [p + click(), q + click()];
    });
    const scores = scoresOf(corners, side);
    if ((scores.marker_squareness ?? 0) < 0.7 || (scores.tilt ?? 0) < 0.7) low++;
  }
  expect(low).toBeLessThan(6);
});

test.each<[string, Point[]]>([
  [
    'sheared',
    [
      [1000, 1000],
      [2000, 1000],
      [2500, 1500],
      [1500, 1500],
    ],
  ],
  [
    'oblong',
    [
      [1000, 1000],
      [2600, 1000],
      [2600, 1700],
      [1000, 1700],
    ],
  ],
  [
    'a narrow wedge',
    [
      [1000, 1000],
      [2600, 1000],
      [2000, 2000],
      [1700, 2000],
    ],
  ],
  [
    'with one corner pulled in',
    [
      [1000, 1000],
      [1500, 1000],
      [1500, 1500],
      [1100, 1400],
    ],
  ],
])('a large square that no camera sees so scores 0: %s', (_what, corners) => {
  expect(scoresOf(corners).marker_squareness).toBe(0);
});

test('a small one, seen so flat that only 72° would do, scores 0 by its tilt', () => {
  const scores = scoresOf([
    [1000, 1000],
    [1200, 1000],
    [1200, 1060],
    [1000, 1060],
  ]);
  expect(scores).toMatchObject({ marker_squareness: 1, tilt: 0 });
});
