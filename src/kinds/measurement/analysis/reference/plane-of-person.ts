import { cardSize, type ReferenceOptions } from '../../../../domain/kinds/measurement.ts';
import { centreOf, perimeterOf } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import { termOf } from '../confidence/terms.ts';
import { affineOf, perspectiveIn } from '../plane/affine.ts';
import { asCardCorners } from './card.ts';
import { coinByRim } from './coin.ts';
import { grown } from './markers.ts';
import { type ReferencePlane, rectangleAt, squarenessMisfit, tiltOf, usualFit } from './plane.ts';

/** A person clicks to about a pixel of what the page shows, which is a thousandth of a photograph. */
const CLICK = 0.0008;

/**
 * The plane by what a person gave, in stored pixels: four corners of the marker, of the card from any corner, or points
 * on the rim of the coin. Null where they span none.
 */
export function planeOfPerson(
  corners: readonly Point[],
  wanted: ReferenceOptions,
  size: number,
  image: { width: number; height: number },
): ReferencePlane | null {
  const error = Math.max(0.5, CLICK * Math.max(image.width, image.height));
  if (wanted.kind === 'coin') return coinByRim(corners, size, image, error);
  const ordered = wanted.kind === 'card' ? asCardCorners(corners, image) : [...corners];
  const high = wanted.kind === 'card' ? (size * cardSize.height) / cardSize.width : size;
  const plane = rectangleAt(size, high);
  const side = perimeterOf(ordered) / 4;
  // Perspective that is less than clicks are off is not told by them: carried to the object it would do harm.
  const isPlain = perspectiveIn(ordered) <= error;
  const spanned = isPlain ? affineOf : usualFit;
  const homography = spanned(ordered, plane);
  if (!homography || side === 0) return null;
  const [id, dictionary] = wanted.kind === 'aruco' ? [wanted.id ?? null, wanted.dictionary] : [null, null];
  return {
    found: { kind: wanted.kind, id, dictionary, size_mm: size, corners: ordered, source: 'person' },
    homography,
    image: ordered,
    plane,
    error,
    spanned,
    terms: [
      termOf('marker_squareness', misfitBeyondClicks(ordered, plane, image, error)),
      termOf('tilt', tiltOf(homography, centreOf(ordered))),
    ],
    zones: [grown(ordered, wanted.kind === 'aruco' ? 1.5 : 1.06)],
    says: `${wanted.kind === 'aruco' ? 'marker' : 'card'} of ${size} mm by corners a person gave`,
    drift: (pixels) => (isPlain ? ((error / side) * pixels) / side : 0),
  };
}

/**
 * `squarenessMisfit` of clicked corners, less twice what clicks alone make of it: of a small reference they leave open
 * how it is seen, of a large one they don't.
 */
function misfitBeyondClicks(
  corners: readonly Point[],
  plane: readonly Point[],
  image: { width: number; height: number },
  error: number,
): number {
  const misfitOf = (places: readonly Point[]) => {
    const homography = usualFit(places, plane);
    return homography ? squarenessMisfit(homography, image, centreOf(places)) : 1;
  };
  const misfit = misfitOf(corners);
  const squares = corners.flatMap((_, k) =>
    [0, 1].map((axis) => {
      const moved = corners.map(([x, y], i): Point => {
        if (i !== k) return [x, y];
        return axis === 0 ? [x + error, y] : [x, y + error];
      });
      return (misfitOf(moved) - misfit) ** 2;
    }),
  );
  return Math.max(0, misfit - 2 * Math.sqrt(squares.reduce((a, b) => a + b)));
}
