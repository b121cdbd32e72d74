import { solveLinear } from '../../geometry/solve-linear.ts';
import type { Point } from '../../outcome.ts';
import { crossing, type FittedLine, lineThrough } from '../plane/quadrilateral.ts';

/** How far an outline may leave a straight side, pixels: more than noise moves it, which is more where it is blurred. */
const toleranceOf = (edgeWidth: number) => 0.4 + 0.35 * edgeWidth;
/** Shorter sides are left as they are. */
const SHORTEST = 20;
/** A side that is bent by more than this share of the tolerance, from its middle to its ends, is an arc. */
const BEND = 0.45;
/** Blur of one edge width takes about as much off a corner, smoothing a little more; what lacks more is round. */
const ROUNDED = 1.2;
/** Sides that meet at less than this many degrees are one. */
const LEAST_TURN = 20;

interface Side {
  line: FittedLine;
  /** First and last point that lie on it, past its rounded ends. */
  first: number;
  last: number;
  direction: number;
}

/**
 * Gives an outline its corners back, which blur has rounded: where two straight sides end close to each other, they
 * are carried on until they cross. Points of such sides are laid on them, so that noise does not widen the
 * rectangle around. Arcs, and corners that are round indeed, stay.
 * @param points in order around, evenly spaced
 * @param edgeWidth how blurred the edge is, pixels
 */
export function straightenSides(points: readonly Point[], edgeWidth: number): Point[] {
  const n = points.length;
  const at = (i: number) => points[((i % n) + n) % n] as Point;
  const trim = 2 + 1.5 * edgeWidth;
  const tolerance = toleranceOf(edgeWidth);
  const vertices = simplified(points, tolerance);
  const sides = vertices.flatMap((from, k): Side[] => {
    const to = vertices[k + 1] ?? (vertices[0] as number) + n;
    const side = sideBetween(at, from, to, { trim, bend: BEND * tolerance });
    return side ? [side] : [];
  });
  if (sides.length < 2) return [...points];
  const reach = 6 + 3 * edgeWidth;
  const corners = sides.map((side, k) => {
    const next = sides[(k + 1) % sides.length] as Side;
    const turn = Math.abs(((next.direction - side.direction + 540) % 360) - 180);
    const gap = Math.hypot(...apart(at(side.last), at(next.first)));
    const meet = turn < LEAST_TURN || gap > 2 * reach ? null : crossing(side.line, next.line);
    const isNear =
      meet && [at(side.last), at(next.first)].every((end) => Math.hypot(...apart(end, meet)) < reach + trim);
    const between = Array.from({ length: (next.first - side.last + n) % n }, (_, i) => at(side.last + i));
    const cut = between.reduce(
      (least, point) => Math.min(least, Math.hypot(...apart(point, meet ?? point))),
      Infinity,
    );
    return isNear && cut < ROUNDED + edgeWidth ? meet : null;
  });
  const straight: Point[] = [];
  for (const [k, side] of sides.entries()) {
    const isBounded = corners[k] || corners[(k + sides.length - 1) % sides.length];
    for (let i = side.first; i <= side.last; i++) straight.push(isBounded ? onLine(at(i), side.line) : at(i));
    const next = sides[(k + 1) % sides.length] as Side;
    const until = k + 1 < sides.length ? next.first : next.first + n;
    const corner = corners[k];
    if (corner) straight.push(corner);
    else for (let i = side.last + 1; i < until; i++) straight.push(at(i));
  }
  return straight;
}

function apart([x, y]: Point, [u, v]: Point): [number, number] {
  return [u - x, v - y];
}

function onLine([x, y]: Point, { at, direction }: FittedLine): Point {
  const along = (x - at[0]) * direction[0] + (y - at[1]) * direction[1];
  return [at[0] + along * direction[0], at[1] + along * direction[1]];
}

function sideBetween(
  at: (i: number) => Point,
  from: number,
  to: number,
  { trim, bend }: { trim: number; bend: number },
): Side | null {
  const [a, b] = [at(from), at(to)];
  const [dx, dy] = apart(a, b);
  const length = Math.hypot(dx, dy);
  if (length < SHORTEST) return null;
  let [first, last] = [from, to];
  while (first < to && Math.hypot(...apart(a, at(first))) < trim) first++;
  while (last > first && Math.hypot(...apart(b, at(last))) < trim) last--;
  if (last - first < 5) return null;
  const inner = Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
  const places = inner.map(([x, y]): Point => {
    const [px, py] = [x - (a[0] + b[0]) / 2, y - (a[1] + b[1]) / 2];
    return [(px * dx + py * dy) / length, (py * dx - px * dy) / length];
  });
  if (Math.abs(curvature(places)) * (length / 2) ** 2 > bend) return null;
  return { line: lineThrough(inner), first, last, direction: (Math.atan2(dy, dx) * 180) / Math.PI };
}

/** The square term of a parabola through places, by least squares. */
function curvature(places: readonly Point[]): number {
  const rows = [0, 1, 2].map(() => [0, 0, 0, 0]);
  for (const [x, y] of places) {
    const terms = [1, x, x * x];
    for (let i = 0; i < 3; i++) {
      const row = rows[i] as number[];
      for (let j = 0; j < 3; j++) row[j] = (row[j] as number) + (terms[i] as number) * (terms[j] as number);
      row[3] = (row[3] as number) + (terms[i] as number) * y;
    }
  }
  return solveLinear(rows)?.[2] ?? 0;
}

/** Ramer (1972), Douglas and Peucker (1973) on a closed outline: ascending indices of the points that matter. */
function simplified(points: readonly Point[], tolerance: number): number[] {
  const n = points.length;
  const far = (from: number) => {
    const start = points[from] as Point;
    return points.reduce((best, point, i) => {
      return Math.hypot(...apart(start, point)) > Math.hypot(...apart(start, points[best] as Point))
        ? i
        : best;
    }, from);
  };
  const first = far(0);
  const kept = new Set<number>([first]);
  const split = (from: number, to: number) => {
    const [a, b] = [points[from % n] as Point, points[to % n] as Point];
    const [dx, dy] = apart(a, b);
    const length = Math.hypot(dx, dy) || 1;
    let [worst, most] = [-1, tolerance];
    for (let i = from + 1; i < to; i++) {
      const [x, y] = points[i % n] as Point;
      const off = Math.abs((x - a[0]) * dy - (y - a[1]) * dx) / length;
      if (off > most) [worst, most] = [i, off];
    }
    if (worst < 0) return;
    kept.add(worst % n);
    split(from, worst);
    split(worst, to);
  };
  const opposite = far(first);
  kept.add(opposite);
  const [low, high] = [Math.min(first, opposite), Math.max(first, opposite)];
  split(low, high);
  split(high, low + n);
  return [...kept].sort((a, b) => a - b);
}
