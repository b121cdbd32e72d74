import type { Point } from '../../outcome.ts';
import { type Homography, homographyOf } from './homography.ts';

/**
 * The map without perspective from four places to those of a figure whose diagonals halve each other: places that
 * lie across are moved to lie around one middle, which is the fit of least squares.
 */
export function affineOf(places: readonly Point[], plane: readonly Point[]): Homography | null {
  return homographyOf(asParallelogram(places), plane);
}

/** How far the places are from a parallelogram: what perspective there is, or error. */
export function perspectiveIn(places: readonly Point[]): number {
  const [x, y] = places[0] as Point;
  const [u, v] = asParallelogram(places)[0] as Point;
  return Math.hypot(x - u, y - v);
}

function asParallelogram(places: readonly Point[]): Point[] {
  const [a, b, c, d] = places as [Point, Point, Point, Point];
  const [x, y] = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
  const [px, py] = [(c[0] - a[0]) / 2, (c[1] - a[1]) / 2];
  const [qx, qy] = [(d[0] - b[0]) / 2, (d[1] - b[1]) / 2];
  return [
    [x - px, y - py],
    [x - qx, y - qy],
    [x + px, y + py],
    [x + qx, y + qy],
  ];
}
