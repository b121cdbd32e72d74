import type { Point } from '../outcome.ts';

/** Shoelace formula; positive where the points run clockwise on a screen (y down). */
export function signedArea(points: readonly Point[]): number {
  let twice = 0;
  let [x, y] = points.at(-1) ?? [0, 0];
  for (const [u, v] of points) {
    twice += x * v - u * y;
    x = u;
    y = v;
  }
  return twice / 2;
}

export const areaOf = (points: readonly Point[]): number => Math.abs(signedArea(points));

export function perimeterOf(points: readonly Point[]): number {
  let length = 0;
  let [x, y] = points.at(-1) ?? [0, 0];
  for (const [u, v] of points) {
    length += Math.hypot(u - x, v - y);
    x = u;
    y = v;
  }
  return length;
}

export function centreOf(points: readonly Point[]): Point {
  const n = points.length || 1;
  return [points.reduce((sum, [x]) => sum + x, 0) / n, points.reduce((sum, [, y]) => sum + y, 0) / n];
}

/** Even–odd rule. */
export function contains(points: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  let [u, v] = points.at(-1) ?? [0, 0];
  for (const [p, q] of points) {
    if (q > y !== v > y && x < ((u - p) * (y - q)) / (v - q) + p) inside = !inside;
    u = p;
    v = q;
  }
  return inside;
}

/** Andrew's monotone chain (1979): the hull's corners in order, none on a straight side. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (from: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of from) {
      while (chain.length > 1 && turn(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Positive where the way a → b → c turns clockwise on a screen, 0 where it runs on or straight back. */
export function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** `count` points at even distances along a closed outline, from its first. */
export function resample(points: readonly Point[], count: number): Point[] {
  const step = perimeterOf(points) / count;
  const even: Point[] = [];
  let [x, y] = points[0] ?? [0, 0];
  let left = 0;
  for (const [u, v] of [...points.slice(1), points[0] as Point]) {
    const length = Math.hypot(u - x, v - y);
    while (left <= length && even.length < count) {
      const part = length === 0 ? 0 : left / length;
      even.push([x + (u - x) * part, y + (v - y) * part]);
      left += step;
    }
    left -= length;
    [x, y] = [u, v];
  }
  return even;
}
