import { convexHull } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';

export interface Rectangle {
  /** The shorter side. */
  width: number;
  height: number;
  /** Of the longer side, degrees in 0–180 from the x axis towards the y axis. */
  angle: number;
  /** In order around it. */
  corners: [Point, Point, Point, Point];
}

/**
 * The rectangle of least area around points. One of its sides lies on a side of their convex hull (Freeman and
 * Shapira, "Determining the minimum-area encasing rectangle for an arbitrary closed curve", CACM 1975), so each is
 * tried. Null for fewer than three points that are not on a line.
 */
export function smallestRectangle(points: readonly Point[]): Rectangle | null {
  const hull = convexHull(points);
  if (hull.length < 3) return null;
  let best: { area: number; ux: number; uy: number; box: [number, number, number, number] } | null = null;
  for (const [i, [x, y]] of hull.entries()) {
    const [nx, ny] = hull[(i + 1) % hull.length] as Point;
    const length = Math.hypot(nx - x, ny - y);
    if (length === 0) continue;
    const [ux, uy] = [(nx - x) / length, (ny - y) / length];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [px, py] of hull) {
      const along = px * ux + py * uy;
      const across = py * ux - px * uy;
      left = Math.min(left, along);
      right = Math.max(right, along);
      top = Math.min(top, across);
      bottom = Math.max(bottom, across);
    }
    const area = (right - left) * (bottom - top);
    // Of equals the first is kept, so that the order of the points alone decides.
    if (!best || area < best.area * (1 - 1e-9)) best = { area, ux, uy, box: [left, right, top, bottom] };
  }
  if (!best) return null;
  const { ux, uy, box } = best;
  const [left, right, top, bottom] = box;
  const at = (along: number, across: number): Point => [along * ux - across * uy, along * uy + across * ux];
  const [wide, high] = [right - left, bottom - top];
  const angle = (Math.atan2(uy, ux) * 180) / Math.PI + (wide >= high ? 0 : 90);
  return {
    width: Math.min(wide, high),
    height: Math.max(wide, high),
    angle: ((angle % 180) + 180) % 180,
    corners: [at(left, top), at(right, top), at(right, bottom), at(left, bottom)],
  };
}
