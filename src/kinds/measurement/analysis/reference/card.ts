import { cardSize } from '../../../../domain/kinds/measurement.ts';
import { areaOf, centreOf, perimeterOf } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import { termOf } from '../confidence/terms.ts';
import type { FoundObject } from '../outline/find-objects.ts';
import { apply, type Homography, homographyOf } from '../plane/homography.ts';
import { quadrilateralOf } from '../plane/quadrilateral.ts';
import { type RefinedCorners, refineCorners } from '../plane/refine-corners.ts';
import type { Raster } from '../raster.ts';
import { grown } from './markers.ts';
import { type ReferencePlane, rectangleAt, squarenessMisfit, tiltOf, usualFit } from './plane.ts';

/** Of its rounded corners (3.18 mm) and some more, as a share of the shorter side: left out when sides are fitted. */
const MARGIN = 0.12;
/** Rounded corners take 0.2 % of a card's area from its rectangle; more is another shape. */
const LEAST_FILL = 0.985;
const MOST_FILL = 1.01;
/** Misfit to a flat card seen by an ordinary lens beyond which it is some other rectangle. */
const MISFIT = 0.1;
/**
 * How far the rounding cuts a corner off, (√2 − 1) × 3.18 mm, and what is taken for it, millimetres; from so many pixels on
 * it is told. In the scenes of `docs/accuracy.md` cards have 1.1 to 1.6 there, at every corner, and sharp ones up to 0.9.
 */
const CUT = { usual: 1.32, least: 0.95, most: 1.75, toldPixels: 2 };
const LEAST_ERROR = 0.1;
const LEAST_SHARE = 0.0006;

/** Those of `objects` that may be a card, the likeliest first. */
export function cardsAmong(
  picture: Raster,
  objects: readonly FoundObject[],
): { object: FoundObject; plane: ReferencePlane }[] {
  return objects
    .flatMap((object) => planesOfCard(picture, object).map((plane) => ({ object, ...plane })))
    .sort((a, b) => a.misfit - b.misfit);
}

/** Seen aslant, a card's longer side may be the shorter one in the picture: each way that an ordinary lens could see it. */
function planesOfCard(
  picture: Raster,
  { points, traced }: FoundObject,
): { plane: ReferencePlane; misfit: number }[] {
  const rough = quadrilateralOf(points);
  if (!rough) return [];
  const fill = areaOf(points) / areaOf(rough);
  if (fill < LEAST_FILL || fill > MOST_FILL) return [];
  const side = perimeterOf(rough) / 4;
  const reach = Math.min(12, Math.max(2, side * 0.04));
  const refined = refineCorners(picture, rough, { reach, margin: MARGIN });
  if (!refined) return [];
  return bothWays(refined.corners).flatMap((corners) => {
    const found = planeOfCorners(picture, corners, refined);
    return found && mayHaveCardCorners(traced, corners, found.plane.homography) ? [found] : [];
  });
}

function planeOfCorners(
  picture: Raster,
  corners: Point[],
  refined: RefinedCorners,
): { plane: ReferencePlane; misfit: number } | null {
  const side = perimeterOf(corners) / 4;
  const plane = rectangleAt(cardSize.width, cardSize.height);
  const homography = homographyOf(corners, plane);
  if (!homography) return null;
  const middle = centreOf(corners);
  const misfit = squarenessMisfit(homography, picture, middle);
  if (misfit > MISFIT) return null;
  const terms = [
    termOf('marker_size', Math.sqrt(areaOf(corners))),
    termOf('marker_squareness', misfit),
    termOf('tilt', tiltOf(homography, middle)),
    termOf('reference_fit', refined.residual / side),
    termOf('card_corners', CUT.usual * pixelsPerMillimetreOf(corners)),
  ];
  return {
    misfit,
    plane: {
      found: {
        kind: 'card',
        id: null,
        dictionary: null,
        size_mm: cardSize.width,
        corners,
        source: 'machine',
      },
      homography,
      image: corners,
      plane,
      error: Math.hypot(LEAST_ERROR, LEAST_SHARE * side, refined.error),
      spanned: usualFit,
      terms,
      zones: [grown(corners, 1.06)],
      says: `card, ${cardSize.width.toFixed(2)} × ${cardSize.height} mm (ISO/IEC 7810 ID-1)`,
      drift: () => 0,
    },
  };
}

function pixelsPerMillimetreOf(corners: readonly Point[]): number {
  return Math.sqrt(areaOf(corners) / (cardSize.width * cardSize.height));
}

/** Paper is sharp at its corners, a card is round; in a small picture both look alike, which the term `card_corners` tells. */
function mayHaveCardCorners(
  outline: readonly Point[],
  corners: readonly Point[],
  homography: Homography,
): boolean {
  const flat = outline.map((point) => apply(homography, point));
  const cuts = rectangleAt(cardSize.width, cardSize.height).map(([x, y]) =>
    flat.reduce((least, [u, v]) => Math.min(least, Math.hypot(u - x, v - y)), Infinity),
  );
  const isTold = CUT.usual * pixelsPerMillimetreOf(corners) >= CUT.toldPixels;
  return !isTold || cuts.every((cut) => cut > CUT.least && cut < CUT.most);
}

function bothWays(corners: readonly Point[]): Point[][] {
  return [[...corners], [...corners.slice(1), corners[0] as Point]];
}

/** Corners in the order in which an ordinary lens could best see a card so: a longer side first. */
export function asCardCorners(corners: readonly Point[], image: { width: number; height: number }): Point[] {
  const ways = bothWays(corners).map((way) => {
    const h = homographyOf(way, rectangleAt(cardSize.width, cardSize.height));
    return { way, misfit: h ? squarenessMisfit(h, image, centreOf(way)) : 1 };
  });
  return ways.reduce((best, one) => (one.misfit < best.misfit ? one : best)).way;
}
