import type { Polygon } from '../events/camera.ts';

type Point = Polygon[number];

/** Twice the area of a triangle; positive when the three turn left, 0 when they lie on one line. */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** Whether a point that is in line with two others lies between them. */
function isBetween([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): boolean {
  return Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);
}

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [one, two, three, four] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (one * two < 0 && three * four < 0) return true;
  return (
    (one === 0 && isBetween(c, a, b)) ||
    (two === 0 && isBetween(d, a, b)) ||
    (three === 0 && isBetween(a, c, d)) ||
    (four === 0 && isBetween(b, c, d))
  );
}

/** Of the picture; less than a pixel of the picture that is analysed. */
const leastArea = 1e-5;

/**
 * Why these corners enclose no area that a person can have meant; null when they do. Edges that cross leave parts inside
 * or outside by rules that nobody who draws by hand thinks of.
 */
export function refusalOfPolygon(corners: Polygon): string | null {
  const at = (n: number) => corners[n % corners.length] as Point;
  const doubled = corners.reduce((sum, [x, y], n) => sum + x * at(n + 1)[1] - at(n + 1)[0] * y, 0);
  const crosses = corners.some((corner, n) =>
    corners.some(
      (other, m) =>
        // Neighbours share a corner.
        m > n + 1 && (m + 1) % corners.length !== n && meet(corner, at(n + 1), other, at(m + 1)),
    ),
  );
  if (crosses) return 'crosses or touches itself: give the corners in turn, and the first only once';
  return Math.abs(doubled) / 2 < leastArea ? 'encloses nothing: its corners lie on one line' : null;
}
