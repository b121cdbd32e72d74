import { solveLinear } from '../../geometry/solve-linear.ts';
import type { Point } from '../../outcome.ts';

/** A 3 × 3 matrix row by row: a projective map from one plane to another. */
export type Homography = readonly number[];

/**
 * The map that takes each of `from` to its partner in `to`, exactly for four points, by least squares for more:
 * the direct linear transform on coordinates shifted and scaled first (Hartley, "In defense of the eight-point
 * algorithm", PAMI 1997). Null where the points allow none.
 */
export function homographyOf(from: readonly Point[], to: readonly Point[]): Homography | null {
  const a = normalisation(from);
  const b = normalisation(to);
  const normal = Array.from({ length: 8 }, () => new Array<number>(9).fill(0));
  for (const [i, point] of from.entries()) {
    const [x, y] = apply(a, point);
    const [u, v] = apply(b, to[i] as Point);
    for (const row of [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ]) {
      for (let j = 0; j < 8; j++) {
        const target = normal[j] as number[];
        for (let k = 0; k < 9; k++)
          target[k] = (target[k] as number) + (row[j] as number) * (row[k] as number);
      }
    }
  }
  const solved = solveLinear(normal);
  const back = inverse(b);
  if (!solved || !back) return null;
  return unit(multiply(multiply(back, [...solved, 1]), a));
}

/** Where a point comes to lie. */
export function apply(h: Homography, [x, y]: Point): Point {
  const [a, b, c, d, e, f, g, i, j] = entriesOf(h);
  const w = g * x + i * y + j;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** Whether all points lie on that side of the plane's horizon on which `seen`, a point of the plane, lies. */
export function isInFront(h: Homography, points: readonly Point[], seen: Point): boolean {
  const depth = ([x, y]: Point) => (h[6] as number) * x + (h[7] as number) * y + (h[8] as number);
  const side = Math.sign(depth(seen));
  return points.every((point) => Math.sign(depth(point)) === side);
}

export function multiply(a: Homography, b: Homography): Homography {
  const product: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum += (a[row * 3 + k] as number) * (b[k * 3 + column] as number);
      product.push(sum);
    }
  }
  return product;
}

export function inverse(h: Homography): Homography | null {
  const [a, b, c, d, e, f, g, i, j] = entriesOf(h);
  const determinant = a * (e * j - f * i) - b * (d * j - f * g) + c * (d * i - e * g);
  if (!Number.isFinite(determinant) || determinant === 0) return null;
  return unit([
    e * j - f * i,
    c * i - b * j,
    b * f - c * e,
    f * g - d * j,
    a * j - c * g,
    c * d - a * f,
    d * i - e * g,
    b * g - a * i,
    a * e - b * d,
  ]);
}

/** Derivative at a point: how far a step in x and in y leads on the other side. */
export function jacobian(h: Homography, point: Point): [number, number, number, number] {
  const [u, v] = apply(h, point);
  const w = (h[6] as number) * point[0] + (h[7] as number) * point[1] + (h[8] as number);
  return [
    ((h[0] as number) - u * (h[6] as number)) / w,
    ((h[1] as number) - u * (h[7] as number)) / w,
    ((h[3] as number) - v * (h[6] as number)) / w,
    ((h[4] as number) - v * (h[7] as number)) / w,
  ];
}

type Nine = [number, number, number, number, number, number, number, number, number];

function entriesOf(h: Homography): Nine {
  return h as Nine;
}

function unit(h: Homography): Homography {
  const last = h[8] as number;
  return Math.abs(last) < 1e-12 ? h : h.map((value) => value / last);
}

/** Moves the points' centre to the origin and their mean distance to √2. */
function normalisation(points: readonly Point[]): Homography {
  const n = points.length;
  const cx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const cy = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const mean = points.reduce((sum, [x, y]) => sum + Math.hypot(x - cx, y - cy), 0) / n;
  const s = Math.SQRT2 / (mean || 1);
  return [s, 0, -s * cx, 0, s, -s * cy, 0, 0, 1];
}
