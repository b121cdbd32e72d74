import type { Point } from '../outcome.ts';
import { type Ellipse, ellipseAround } from './ellipse.ts';
import { solveLinear } from './solve-linear.ts';

/**
 * The ellipse by points on its rim: the conic a·x² + b·x·y + (1 − a)·y² + d·x + e·y + f = 0 of least squares, its
 * quadratic part of trace 1 so that turning the picture changes nothing (Bookstein, "Fitting conic sections to
 * scattered data", 1979, has the family of such constraints). Null for fewer than five, or where it is no ellipse.
 */
export function ellipseThrough(points: readonly Point[]): Ellipse | null {
  if (points.length < 5) return null;
  const n = points.length;
  const [mx, my] = [0, 1].map(
    (axis) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / n,
  ) as Point;
  const unit = points.reduce((sum, [x, y]) => sum + Math.hypot(x - mx, y - my), 0) / n;
  if (!(unit > 0)) return null;
  const normal = Array.from({ length: 5 }, () => new Array<number>(6).fill(0));
  for (const point of points) {
    const [x, y] = [(point[0] - mx) / unit, (point[1] - my) / unit];
    const row = [x * x - y * y, x * y, x, y, 1, -y * y];
    for (const [j, target] of normal.entries())
      for (const [k, value] of row.entries()) target[k] = (target[k] ?? 0) + (row[j] ?? 0) * value;
  }
  const solved = solveLinear(normal);
  if (!solved) return null;
  const [a, b, d, e, f] = solved as [number, number, number, number, number];
  const c = 1 - a;
  const determinant = 4 * a * c - b * b;
  if (determinant <= 0) return null;
  const x = (b * e - 2 * c * d) / determinant;
  const y = (b * d - 2 * a * e) / determinant;
  const inside = -(f + (d * x + e * y) / 2);
  const spread = Math.hypot((a - c) / 2, b / 2);
  if (!(inside > 0) || spread >= 0.5) return null;
  return ellipseAround(
    [mx + x * unit, my + y * unit],
    unit * Math.sqrt(inside / (0.5 - spread)),
    unit * Math.sqrt(inside / (0.5 + spread)),
    // The quadratic part grows fastest along the minor axis.
    0.5 * Math.atan2(b, a - c) + Math.PI / 2,
    points,
  );
}

/** Degrees of the largest part of an ellipse's rim without any of the points, as in the circle that it is a view of. */
export function largestGap({ major, minor, ends }: Ellipse, points: readonly Point[]): number {
  const [from, , to] = ends;
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const [cos, sin] = [(to[0] - from[0]) / (2 * major), (to[1] - from[1]) / (2 * major)];
  const angles = points
    .map(([u, v]) =>
      Math.atan2(((v - y) * cos - (u - x) * sin) / minor, ((u - x) * cos + (v - y) * sin) / major),
    )
    .sort((p, q) => p - q);
  const gaps = angles.map((angle, i) => (angles[i + 1] ?? (angles[0] ?? 0) + 2 * Math.PI) - angle);
  return (Math.max(...gaps) * 180) / Math.PI;
}
