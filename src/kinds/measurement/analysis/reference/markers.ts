import { centreOf, perimeterOf } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import { termOf } from '../confidence/terms.ts';
import { apply, type Homography, homographyOf } from '../plane/homography.ts';
import { type RefinedCorners, refineCorners } from '../plane/refine-corners.ts';
import type { Raster } from '../raster.ts';
import { type ReferencePlane, rectangleAt, squarenessMisfit, tiltOf, usualFit } from './plane.ts';

export interface RoughMarker {
  id: number;
  corners: Point[];
}

export interface MarkerOptions {
  dictionary: string;
  id?: number | undefined;
  size_mm: number;
}

/** Standard error of a corner that no fit tells: what a lens, a print and a blur leave. */
const LEAST_ERROR = 0.08;
const LEAST_SHARE = 0.0004;
/** A marker's paper reaches so far beyond it, in its sides. */
const QUIET_ZONE = 0.25;

interface Marker extends RefinedCorners {
  id: number;
  side: number;
}

/** The plane all markers found lie in; null where there is none, or none with clear sides. */
export function planeOfMarkers(
  picture: Raster,
  rough: readonly RoughMarker[],
  { dictionary, id, size_mm }: MarkerOptions,
): ReferencePlane | null {
  const markers = rough
    .filter((marker) => id === undefined || marker.id === id)
    .flatMap((marker): Marker[] => {
      const refined = refineMarker(picture, marker.corners);
      return refined ? [{ ...refined, id: marker.id, side: perimeterOf(refined.corners) / 4 }] : [];
    })
    .sort((a, b) => b.side - a.side || a.id - b.id);
  const first = markers[0];
  if (!first) return null;
  const joint = together(markers, size_mm);
  if (!joint) return null;
  const { homography, plane, misfit } = joint;
  const centre = centreOf(first.corners);
  const terms = [
    termOf('marker_size', Math.max(...markers.map(({ side }) => side))),
    termOf('marker_squareness', squarenessMisfit(homography, picture, centre)),
    termOf('tilt', tiltOf(homography, centre)),
    termOf('reference_fit', Math.max(...markers.map(({ residual, side }) => residual / side))),
    ...(markers.length > 1 ? [termOf('reference_agreement', misfit)] : []),
  ];
  const error = Math.hypot(
    LEAST_ERROR,
    LEAST_SHARE * first.side,
    Math.max(...markers.map((one) => one.error)),
  );
  return {
    found: { kind: 'aruco', id: first.id, dictionary, size_mm, corners: first.corners, source: 'machine' },
    homography,
    image: markers.flatMap(({ corners }) => corners),
    plane,
    error,
    spanned: usualFit,
    terms,
    zones: markers.map(({ corners }) => quietZone(corners)),
    says: `${markers.length === 1 ? 'marker' : 'markers'} ${markers.map((one) => one.id).join(', ')} of ${dictionary}, ${size_mm} mm a side`,
    drift: () => 0,
  };
}

/** A module of the black rim is a seventh of the side, or less: the edge is looked for well within it. */
function refineMarker(picture: Raster, corners: readonly Point[]): RefinedCorners | null {
  const side = perimeterOf(corners) / 4;
  const reach = Math.min(12, Math.max(2, side * 0.05));
  return refineCorners(picture, corners, { reach, margin: 0.08 });
}

/** A marker with its paper: nothing in it is an object. */
export const quietZone = (corners: readonly Point[]): Point[] => grown(corners, 1 + 2 * QUIET_ZONE);

export function grown(corners: readonly Point[], by: number): Point[] {
  const [x, y] = centreOf(corners);
  return corners.map(([u, v]) => [x + (u - x) * by, y + (v - y) * by]);
}

const ROUNDS = 200;

/**
 * One plane for all markers: each is a square of the given side, somewhere. In turn every marker's square is laid
 * as well as it goes (Procrustes, without scaling), and the map fitted to all corners.
 */
function together(
  markers: readonly Marker[],
  size: number,
): { homography: Homography; plane: Point[]; misfit: number } | null {
  const square = rectangleAt(size, size);
  const image = markers.flatMap(({ corners }) => corners);
  let homography = homographyOf((markers[0] as Marker).corners, square);
  if (!homography || markers.length === 1) return homography && { homography, plane: square, misfit: 0 };
  let plane: Point[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const at = homography;
    plane = markers.flatMap(({ corners }) =>
      laid(
        square,
        corners.map((corner) => apply(at, corner)),
      ),
    );
    homography = homographyOf(image, plane);
    if (!homography) return null;
  }
  const h = homography;
  const off = image.map((point, i) => {
    const [x, y] = apply(h, point);
    const [u, v] = plane[i] as Point;
    return Math.hypot(x - u, y - v);
  });
  return { homography, plane, misfit: Math.max(...off) / size };
}

/** `shape` turned and moved, not scaled, to lie nearest to `target`. */
function laid(shape: readonly Point[], target: readonly Point[]): Point[] {
  const [sx, sy] = centreOf(shape);
  const [tx, ty] = centreOf(target);
  let [cos, sin] = [0, 0];
  for (const [i, [x, y]] of shape.entries()) {
    const [u, v] = target[i] as Point;
    cos += (x - sx) * (u - tx) + (y - sy) * (v - ty);
    sin += (x - sx) * (v - ty) - (y - sy) * (u - tx);
  }
  const length = Math.hypot(cos, sin) || 1;
  const [c, s] = [cos / length, sin / length];
  return shape.map(([x, y]) => [tx + (x - sx) * c - (y - sy) * s, ty + (x - sx) * s + (y - sy) * c]);
}
