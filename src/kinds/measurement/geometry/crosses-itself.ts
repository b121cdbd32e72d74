import type { Point } from '../outcome.ts';
import { turn } from './polygon.ts';

/** Whether every corner turns the same way, and none lies on a straight side. */
export function isConvex(points: readonly Point[]): boolean {
  const turns = points.map((point, i) => {
    const next = points[(i + 1) % points.length] as Point;
    return turn(point, next, points[(i + 2) % points.length] as Point);
  });
  return (turns.every((t) => t > 0) || turns.every((t) => t < 0)) && !crossesItself(points);
}

/** Whether two sides that are no neighbours meet, or a side folds back onto its neighbour. */
export function crossesItself(points: readonly Point[]): boolean {
  const sides: [Point, Point][] = [];
  for (const [i, from] of points.entries()) {
    const to = points[(i + 1) % points.length] as Point;
    if (from[0] !== to[0] || from[1] !== to[1]) sides.push([from, to]);
  }
  for (let i = 0; i < sides.length; i++) {
    for (let j = i + 1; j < sides.length; j++) {
      const [a, b] = sides[i] as [Point, Point];
      const [c, d] = sides[j] as [Point, Point];
      if (j === i + 1) {
        if (foldsBack(a, b, d)) return true;
      } else if (i === 0 && j === sides.length - 1) {
        if (foldsBack(c, d, b)) return true;
      } else if (meet(a, b, c, d)) return true;
    }
  }
  return false;
}

/** Whether the way a → b → c turns straight back at b. */
function foldsBack(a: Point, b: Point, c: Point): boolean {
  if (turn(a, b, c) !== 0) return false;
  return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

/** Whether two segments have a point in common. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  );
}

function within(a: Point, b: Point, p: Point): boolean {
  return (
    Math.min(a[0], b[0]) <= p[0] &&
    p[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= p[1] &&
    p[1] <= Math.max(a[1], b[1])
  );
}
