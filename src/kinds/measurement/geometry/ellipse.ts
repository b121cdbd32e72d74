import type { Point } from '../outcome.ts';

export interface Ellipse {
  /** Semi-axes. */
  major: number;
  minor: number;
  /** Ends of the axes, in order around it, beginning with one of the major. */
  ends: [Point, Point, Point, Point];
  /** Root mean square distance of the points it was fitted to, as a share of the radius there. */
  residual: number;
}

/**
 * The ellipse with the area, centre and second moments of the figure within an outline: of a true ellipse these are
 * its own (moments of a polygon: Steger, "On the calculation of arbitrary moments of polygons", 1996). Null for
 * a figure without area.
 */
export function ellipseOf(outline: readonly Point[]): Ellipse | null {
  const [ox, oy] = outline[0] ?? [0, 0];
  let [m, mx, my, mxx, mxy, myy] = [0, 0, 0, 0, 0, 0];
  for (const [i, point] of outline.entries()) {
    const next = outline[(i + 1) % outline.length] as Point;
    const [x, y] = [point[0] - ox, point[1] - oy];
    const [u, v] = [next[0] - ox, next[1] - oy];
    const cross = x * v - u * y;
    m += cross / 2;
    mx += (cross * (x + u)) / 6;
    my += (cross * (y + v)) / 6;
    mxx += (cross * (x * x + x * u + u * u)) / 12;
    myy += (cross * (y * y + y * v + v * v)) / 12;
    mxy += (cross * (x * v + 2 * x * y + 2 * u * v + u * y)) / 24;
  }
  if (Math.abs(m) < 1e-9) return null;
  const [cx, cy] = [mx / m, my / m];
  const [xx, xy, yy] = [mxx / m - cx * cx, mxy / m - cx * cy, myy / m - cy * cy];
  const middle = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  if (middle - half <= 0) return null;
  const [major, minor] = [2 * Math.sqrt(middle + half), 2 * Math.sqrt(middle - half)];
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return ellipseAround([cx + ox, cy + oy], major, minor, angle, outline);
}

/** @param angle of the major axis, radians, from the x axis towards the y axis */
export function ellipseAround(
  [x, y]: Point,
  major: number,
  minor: number,
  angle: number,
  points: readonly Point[],
): Ellipse {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const squares = points.reduce((sum, [u, v]) => {
    const [dx, dy] = [u - x, v - y];
    return sum + (Math.hypot((dx * cos + dy * sin) / major, (dy * cos - dx * sin) / minor) - 1) ** 2;
  }, 0);
  return {
    major,
    minor,
    ends: [
      [x - cos * major, y - sin * major],
      [x + sin * minor, y - cos * minor],
      [x + cos * major, y + sin * major],
      [x - sin * minor, y + cos * minor],
    ],
    residual: Math.sqrt(squares / points.length),
  };
}
