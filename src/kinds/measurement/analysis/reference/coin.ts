import { ellipseOf } from '../../geometry/ellipse.ts';
import { ellipseThrough } from '../../geometry/ellipse-through.ts';
import type { Point } from '../../outcome.ts';
import { termOf } from '../confidence/terms.ts';
import type { FoundObject } from '../outline/find-objects.ts';
import { affineOf } from '../plane/affine.ts';
import type { Raster } from '../raster.ts';
import { grown } from './markers.ts';
import type { ReferencePlane } from './plane.ts';

/** Outlines further from an ellipse than this share of their radius are no coin. */
const ROUND = 0.02;
/** A coin seen flatter than this is not looked for: 60°. */
const FLATTEST = 0.5;
const LEAST_ERROR = 0.1;
const LEAST_SHARE = 0.0008;

/** Those of `objects` that may be a coin, the roundest first. */
export function coinsAmong(
  picture: Raster,
  objects: readonly FoundObject[],
  diameter: number,
): { object: FoundObject; plane: ReferencePlane }[] {
  return objects
    .flatMap((object) => {
      const ellipse = ellipseOf(object.points);
      if (!ellipse || ellipse.residual > ROUND || ellipse.minor < FLATTEST * ellipse.major) return [];
      const { ends, major, minor, residual } = ellipse;
      const plane = planeOfDisc(ends, diameter);
      if (!plane) return [];
      const tilt = tiltOf(major, minor);
      const reference: ReferencePlane = {
        ...plane,
        terms: [
          termOf('marker_size', 2 * minor),
          termOf('tilt', (tilt * 180) / Math.PI),
          termOf('reference_fit', residual),
        ],
        error: Math.hypot(LEAST_ERROR, LEAST_SHARE * 2 * major),
        zones: [grown(object.points, 1.06)],
        drift: driftOf(tilt, picture),
      };
      return [{ object, plane: reference, residual }];
    })
    .sort((a, b) => a.residual - b.residual);
}

/**
 * The coin by points on its rim that a person gave; four are the ends of its axes, as an earlier answer's coin is kept.
 * Null where they lie on no ellipse.
 * @param error standard error of each point, pixels
 */
export function coinByRim(
  rim: readonly Point[],
  diameter: number,
  image: { width: number; height: number },
  error: number,
): ReferencePlane | null {
  const endsOf = (points: readonly Point[]) =>
    points.length === 4 ? points : (ellipseThrough(points)?.ends ?? null);
  const ends = endsOf(rim);
  const plane = ends && planeOfDisc(ends, diameter);
  if (!plane) return null;
  const [a, b, c, d] = ends as [Point, Point, Point, Point];
  const axes = [Math.hypot(c[0] - a[0], c[1] - a[1]), Math.hypot(d[0] - b[0], d[1] - b[1])] as const;
  const tilt = tiltOf(Math.max(...axes), Math.min(...axes));
  return {
    ...plane,
    found: { ...plane.found, source: 'person' },
    image: rim,
    error,
    spanned(points, disc) {
      const moved = endsOf(points);
      return moved && affineOf(moved, disc);
    },
    terms: [termOf('tilt', (tilt * 180) / Math.PI)],
    says: `${plane.says}; by a person`,
    drift: driftOf(tilt, image),
  };
}

/** A circle seen so is foreshortened along its ellipse's minor axis. */
function tiltOf(major: number, minor: number): number {
  return Math.acos(Math.min(1, minor / major));
}

/**
 * One ellipse does not tell how the scale changes over the plane: by tan(tilt) a focal length, which for an ordinary
 * lens is about the longer side of the picture.
 */
function driftOf(tilt: number, { width, height }: { width: number; height: number }) {
  return (pixels: number) => (Math.tan(tilt) * pixels) / Math.max(width, height);
}

/** The plane of a disc by the four ends of its axes in the image, in order around it; without perspective. */
function planeOfDisc(ends: readonly Point[], diameter: number): ReferencePlane | null {
  const r = diameter / 2;
  const plane: Point[] = [
    [-r, 0],
    [0, -r],
    [r, 0],
    [0, r],
  ];
  const homography = affineOf(ends, plane);
  return (
    homography && {
      found: {
        kind: 'coin',
        id: null,
        dictionary: null,
        size_mm: diameter,
        corners: [...ends],
        source: 'machine',
      },
      homography,
      image: ends,
      plane,
      error: 1,
      spanned: affineOf,
      terms: [],
      zones: [grown(ends, 1.5)],
      says: `coin, ${diameter} mm across; perspective not corrected`,
      drift: () => 0,
    }
  );
}
