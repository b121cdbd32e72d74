import type { Point } from '../../../domain/measurement.ts';
import { termOf } from '../confidence/terms.ts';
import type { FoundObject } from '../outline/find-objects.ts';
import { affineOf } from '../plane/affine.ts';
import { ellipseOf } from '../plane/ellipse.ts';
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
      const tilt = Math.acos(Math.min(1, minor / major));
      const longer = Math.max(picture.width, picture.height);
      const reference: ReferencePlane = {
        ...plane,
        terms: [
          termOf('marker_size', 2 * minor),
          termOf('tilt', (tilt * 180) / Math.PI),
          termOf('reference_fit', residual),
        ],
        error: Math.hypot(LEAST_ERROR, LEAST_SHARE * 2 * major),
        zones: [grown(object.points, 1.06)],
        // One ellipse does not tell how the scale changes over the plane: by tan(tilt) a focal length, which for an
        // ordinary lens is about the longer side of the picture.
        drift: (pixels) => (Math.tan(tilt) * pixels) / longer,
      };
      return [{ object, plane: reference, residual }];
    })
    .sort((a, b) => a.residual - b.residual);
}

/** The plane of a disc by the four ends of its axes in the image, in order around it; without perspective. */
export function planeOfDisc(ends: readonly Point[], diameter: number): ReferencePlane | null {
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
