import type { Point } from '../../../domain/measurement.ts';
import { termOf } from '../confidence/terms.ts';
import type { FoundObject } from '../outline/find-objects.ts';
import { homographyOf } from '../plane/homography.ts';
import { areaOf, perimeterOf } from '../plane/polygon.ts';
import { quadrilateralOf } from '../plane/quadrilateral.ts';
import { refineCorners } from '../plane/refine-corners.ts';
import type { Raster } from '../raster.ts';
import { grown } from './markers.ts';
import { type ReferencePlane, rectangleAt, squarenessMisfit, tiltOf, usualFit } from './plane.ts';

/** ISO/IEC 7810:2019, ID-1. */
export const CARD = { width: 85.6, height: 53.98 };
/** Of its rounded corners (3.18 mm) and some more, as a share of the shorter side: left out when sides are fitted. */
const MARGIN = 0.12;
/** Rounded corners take 0.2 % of a card's area from its rectangle; more is another shape. */
const LEAST_FILL = 0.985;
const MOST_FILL = 1.01;
/** Misfit to a flat card seen by an ordinary lens beyond which it is some other rectangle. */
const MISFIT = 0.06;
const LEAST_ERROR = 0.1;
const LEAST_SHARE = 0.0006;

/** Those of `objects` that may be a card, the likeliest first. */
export function cardsAmong(
  picture: Raster,
  objects: readonly FoundObject[],
): { object: FoundObject; plane: ReferencePlane }[] {
  return objects
    .flatMap((object) => {
      const plane = planeOfCard(picture, object);
      return plane ? [{ object, ...plane }] : [];
    })
    .sort((a, b) => a.misfit - b.misfit);
}

function planeOfCard(
  picture: Raster,
  { points }: FoundObject,
): { plane: ReferencePlane; misfit: number } | null {
  const rough = quadrilateralOf(points);
  if (!rough) return null;
  const fill = areaOf(points) / areaOf(rough);
  if (fill < LEAST_FILL || fill > MOST_FILL) return null;
  const side = perimeterOf(rough) / 4;
  const refined = refineCorners(picture, rough, {
    reach: Math.min(12, Math.max(2, side * 0.04)),
    margin: MARGIN,
  });
  if (!refined) return null;
  const corners = longSideFirst(refined.corners);
  const plane = rectangleAt(CARD.width, CARD.height);
  const homography = homographyOf(corners, plane);
  if (!homography) return null;
  const middle = corners.reduce(([x, y], [u, v]): Point => [x + u / 4, y + v / 4], [0, 0]);
  const misfit = squarenessMisfit(homography, picture, middle);
  if (misfit > MISFIT) return null;
  const terms = [
    termOf('marker_size', Math.sqrt(areaOf(corners))),
    termOf('marker_squareness', misfit),
    termOf('tilt', tiltOf(homography, middle)),
    termOf('reference_fit', refined.residual / side),
  ];
  return {
    misfit,
    plane: {
      found: { kind: 'card', id: null, dictionary: null, size_mm: CARD.width, corners, source: 'machine' },
      homography,
      image: corners,
      plane,
      error: Math.hypot(LEAST_ERROR, LEAST_SHARE * side, refined.error),
      spanned: usualFit,
      terms,
      zones: [grown(corners, 1.06)],
      says: `card, ${CARD.width.toFixed(2)} × ${CARD.height} mm (ISO/IEC 7810 ID-1)`,
      drift: () => 0,
    },
  };
}

/** The corners from the one at which the first of the longer sides begins. */
export function longSideFirst(corners: readonly Point[]): Point[] {
  const length = (i: number) => {
    const [x, y] = corners[i % 4] as Point;
    const [u, v] = corners[(i + 1) % 4] as Point;
    return Math.hypot(u - x, v - y);
  };
  const isFirst = length(0) + length(2) >= length(1) + length(3);
  return isFirst ? [...corners] : [...corners.slice(1), corners[0] as Point];
}
