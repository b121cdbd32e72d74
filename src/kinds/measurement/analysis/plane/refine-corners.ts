import { centreOf } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import { edgeAcross } from '../outline/edge-profile.ts';
import type { Raster } from '../raster.ts';
import { crossing } from './quadrilateral.ts';

export interface RefinedCorners {
  corners: Point[];
  /** Root mean square distance of edge points from their straight sides, pixels. */
  residual: number;
  /** Standard error of a side's place, pixels: how well the corners are known. */
  error: number;
  /** Share of places along the sides that show an edge. */
  clear: number;
}

interface Line {
  /** A point on it, and its direction. */
  at: Point;
  direction: Point;
  residual: number;
  error: number;
  clear: number;
}

export interface SideOptions {
  /** Half the length of the line looked along, pixels. */
  reach: number;
  /** Share of each side left out at both of its ends: rounded corners. */
  margin: number;
}

/**
 * Moves four rough corners onto the crossings of their sides, each a straight line fitted to the edge by weighted
 * least squares: dozens of places know a line better than any one corner is known. The edge is the same as an
 * object's, half way between both colours. Null where a side shows no edge.
 */
export function refineCorners(
  picture: Raster,
  rough: readonly Point[],
  { reach, margin }: SideOptions,
): RefinedCorners | null {
  let corners = rough;
  let lines: Line[] = [];
  for (const within of [reach, Math.max(2, reach / 2)]) {
    const sides = corners.map((from, i) =>
      fitSide(picture, from, corners[(i + 1) % 4] as Point, centreOf(corners), within, margin),
    );
    if (sides.some((side) => side === null)) return null;
    lines = sides as Line[];
    const crossings = lines.map((line, i) => crossing(lines[(i + 3) % 4] as Line, line));
    if (crossings.some((point) => point === null)) return null;
    corners = crossings as Point[];
  }
  if (corners.some(([x, y], i) => Math.hypot(x - (rough[i]?.[0] ?? 0), y - (rough[i]?.[1] ?? 0)) > 3 * reach))
    return null;
  return {
    corners: [...corners],
    residual: Math.sqrt(lines.reduce((sum, { residual }) => sum + residual ** 2, 0) / 4),
    error: Math.sqrt(lines.reduce((sum, { error }) => sum + error ** 2, 0) / 4),
    clear: Math.min(...lines.map(({ clear }) => clear)),
  };
}

function fitSide(
  picture: Raster,
  from: Point,
  to: Point,
  centre: Point,
  reach: number,
  margin: number,
): Line | null {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [dx / length, dy / length];
  const out = (from[0] - centre[0]) * -uy + (from[1] - centre[1]) * ux >= 0 ? 1 : -1;
  const normal: Point = [-uy * out, ux * out];
  const count = Math.max(12, Math.min(160, Math.round(length * (1 - 2 * margin))));
  const found: { along: number; across: number }[] = [];
  for (let i = 0; i < count; i++) {
    const along = length * (margin + ((1 - 2 * margin) * (i + 0.5)) / count);
    const at: Point = [from[0] + ux * along, from[1] + uy * along];
    const edge = edgeAcross(picture, at, normal, reach);
    if (edge && edge.contrast > 12) found.push({ along: along - length / 2, across: edge.offset });
  }
  if (found.length < count / 3) return null;
  let [a, b, spread] = [0, 0, Infinity];
  for (let round = 0; round < 6; round++) {
    let [s, sx, sxx, sy, sxy] = [0, 0, 0, 0, 0];
    for (const { along, across } of found) {
      const off = (across - a - b * along) / spread;
      const weight = Math.abs(off) < 1 ? (1 - off * off) ** 2 : 0;
      s += weight;
      sx += weight * along;
      sxx += weight * along * along;
      sy += weight * across;
      sxy += weight * along * across;
    }
    const determinant = s * sxx - sx * sx;
    if (determinant <= 0) return null;
    a = (sxx * sy - sx * sxy) / determinant;
    b = (s * sxy - sx * sy) / determinant;
    const away = found.map(({ along, across }) => Math.abs(across - a - b * along)).sort((p, q) => p - q);
    // 1.48 makes a standard deviation of the median, 4.7 of those is the usual reach of the biweight.
    spread = Math.max(0.2, 4.7 * 1.48 * (away[away.length >> 1] as number));
  }
  const kept = found.filter(({ along, across }) => Math.abs(across - a - b * along) < spread);
  const residual = Math.sqrt(
    kept.reduce((sum, { along, across }) => sum + (across - a - b * along) ** 2, 0) /
      Math.max(1, kept.length),
  );
  const middle: Point = [
    from[0] + (ux * length) / 2 + normal[0] * a,
    from[1] + (uy * length) / 2 + normal[1] * a,
  ];
  return {
    at: middle,
    direction: [ux + normal[0] * b, uy + normal[1] * b],
    residual,
    // At a side's end a line fitted to it is known half as well as in its middle.
    error: (2 * residual) / Math.sqrt(Math.max(1, kept.length)),
    clear: kept.length / count,
  };
}
