import { perimeterOf, resample } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import type { Raster } from '../raster.ts';
import { edgeAcross } from './edge-profile.ts';
import { median } from './median.ts';

export interface RefinedOutline {
  points: Point[];
  /** Share of the points, without those at the border, with a sharp edge. */
  clear: number;
  /** Share of the points at the picture's border. */
  border: number;
  /** Median over the clear points: colours apart, and the 20–80 % width of the edge in pixels. */
  contrast: number;
  edge_width: number;
}

export interface RefineOptions {
  /** How far from the rough outline the edge may be, pixels. */
  reach: number;
  /** An edge wider than so many pixels is no edge: a shadow. */
  widest: number;
  /** Colours closer than so are one. */
  faintest: number;
}

const LEAST_POINTS = 64;
const MOST_POINTS = 512;

/**
 * Moves a rough outline, clockwise in the picture, onto the edge between two colours, to a fraction of a pixel.
 */
export function refineOutline(
  picture: Raster,
  rough: readonly Point[],
  options: RefineOptions,
): RefinedOutline {
  const { reach, widest, faintest } = options;
  const count = Math.round(Math.min(MOST_POINTS, Math.max(LEAST_POINTS, perimeterOf(rough) / 2)));
  let points = smoothed(
    resample(rough, count),
    Math.max(1, Math.round((reach * count) / perimeterOf(rough) / 2)),
  );
  let seen: (ReturnType<typeof edgeAcross> | 'border')[] = [];
  for (const within of [reach, reach * 0.6, Math.max(2.5, reach * 0.4)]) {
    const normals = normalsOf(points);
    seen = points.map((point, i) =>
      isAtBorder(picture, point, within) ? 'border' : edgeAcross(picture, point, normals[i] as Point, within),
    );
    const offsets = seen.map((edge) =>
      edge && edge !== 'border' && edge.contrast >= faintest && edge.width <= widest ? edge.offset : null,
    );
    points = moved(points, normals, calm(offsets));
  }
  const inner = seen.filter((edge) => edge !== 'border');
  const clear = inner.filter((edge) => edge && edge.contrast >= faintest && edge.width <= widest);
  return {
    points,
    clear: inner.length === 0 ? 0 : clear.length / inner.length,
    border: 1 - inner.length / seen.length,
    contrast: median(clear.map((edge) => edge?.contrast ?? 0)),
    edge_width: median(clear.map((edge) => edge?.width ?? 0)),
  };
}

function isAtBorder({ width, height }: Raster, [x, y]: Point, margin: number): boolean {
  return x < margin || y < margin || x > width - margin || y > height - margin;
}

/** Outward normals of a clockwise outline. */
function normalsOf(points: readonly Point[]): Point[] {
  const n = points.length;
  return points.map((_, i) => {
    const [ax, ay] = points[(i + n - 2) % n] as Point;
    const [bx, by] = points[(i + 2) % n] as Point;
    const length = Math.hypot(bx - ax, by - ay) || 1;
    return [(by - ay) / length, (ax - bx) / length];
  });
}

function moved(points: readonly Point[], normals: readonly Point[], offsets: readonly number[]): Point[] {
  return points.map(([x, y], i) => {
    const [nx, ny] = normals[i] as Point;
    const offset = offsets[i] as number;
    return [x + nx * offset, y + ny * offset];
  });
}

/** Median of five neighbours, then the mean of three: one wrong edge moves nothing. Gaps take their neighbours'. */
function calm(offsets: readonly (number | null)[]): number[] {
  const n = offsets.length;
  const medians = offsets.map((_, i) => {
    for (const half of [2, 6]) {
      const near: number[] = [];
      for (let k = -half; k <= half; k++) {
        const offset = offsets[(i + k + n) % n];
        if (offset !== null && offset !== undefined) near.push(offset);
      }
      if (near.length > half) return median(near);
    }
    return 0;
  });
  return medians.map(
    (value, i) => ((medians[(i + n - 1) % n] as number) + value + (medians[(i + 1) % n] as number)) / 3,
  );
}

function smoothed(points: readonly Point[], half: number): Point[] {
  const n = points.length;
  return points.map((_, i) => {
    let [x, y] = [0, 0];
    for (let k = -half; k <= half; k++) {
      const [u, v] = points[(i + k + n) % n] as Point;
      x += u;
      y += v;
    }
    return [x / (2 * half + 1), y / (2 * half + 1)];
  });
}
