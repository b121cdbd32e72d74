import type { Point } from '../../outcome.ts';
import { smallestRectangle } from './smallest-rectangle.ts';

const ROUNDS = 4;
/** Share of a side, at each end, that tells nothing of where it runs. */
const ENDS = 0.15;

/**
 * The four-sided figure whose sides run along an outline: lines fitted to the points nearest to each side, starting
 * from the smallest rectangle. Null where a side has too few points. Clockwise on a screen, like the outline.
 */
export function quadrilateralOf(outline: readonly Point[]): Point[] | null {
  let corners: Point[] | null = smallestRectangle(outline)?.corners ?? null;
  for (let round = 0; round < ROUNDS && corners; round++) {
    const sides = corners;
    const groups: Point[][] = [[], [], [], []];
    for (const point of outline) {
      const places = sides.map((from, i) => placeOn(point, from, sides[(i + 1) % 4] as Point));
      const nearest = places.reduce(
        (best, { off }, i) => (off < (places[best]?.off ?? Infinity) ? i : best),
        0,
      );
      const along = places[nearest]?.along ?? 0;
      if (along > ENDS && along < 1 - ENDS) groups[nearest]?.push(point);
    }
    if (groups.some((group) => group.length < 4)) return null;
    const lines = groups.map(lineThrough);
    const crossed = lines.map((line, i) => crossing(lines[(i + 3) % 4] as FittedLine, line));
    corners = crossed.some((point) => point === null) ? null : (crossed as Point[]);
  }
  return corners;
}

/** A straight line through a point. */
export interface FittedLine {
  at: Point;
  direction: Point;
}

function placeOn([x, y]: Point, from: Point, to: Point): { along: number; off: number } {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const along = ((x - from[0]) * dx + (y - from[1]) * dy) / (length * length);
  return { along, off: Math.abs((x - from[0]) * dy - (y - from[1]) * dx) / length };
}

/** Total least squares: along the direction in which the points spread most. */
export function lineThrough(points: readonly Point[]): FittedLine {
  const n = points.length;
  const cx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const cy = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - cx) ** 2;
    xy += (x - cx) * (y - cy);
    yy += (y - cy) ** 2;
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return { at: [cx, cy], direction: [Math.cos(angle), Math.sin(angle)] };
}

export function crossing(a: FittedLine, b: FittedLine): Point | null {
  const determinant = a.direction[0] * b.direction[1] - a.direction[1] * b.direction[0];
  if (Math.abs(determinant) < 1e-6) return null;
  const [dx, dy] = [b.at[0] - a.at[0], b.at[1] - a.at[1]];
  const t = (dx * b.direction[1] - dy * b.direction[0]) / determinant;
  return [a.at[0] + a.direction[0] * t, a.at[1] + a.direction[1] * t];
}
