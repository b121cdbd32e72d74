import { isConvex } from '../geometry/crosses-itself.ts';
import { ellipseThrough, largestGap } from '../geometry/ellipse-through.ts';
import { areaOf, signedArea } from '../geometry/polygon.ts';
import type { Point } from '../outcome.ts';
import type { AssistAnswer } from './answer.ts';
import { isOutside, said, sizeOf } from './place-in-image.ts';
import type { AssistFrame } from './question.ts';

/** Smaller, a reference gives no size worth the name: 20 × 20 pixels. */
const leastArea = 400;
const largest_mm = 10_000;

/** Through five points there is always a conic; the sixth shows whether they lie on one. */
const leastRim = 6;
/** Root mean square distance from the ellipse, as a share of its radius, beyond what clicks are off. */
const roundness = 0.03;
/** What clicks are off, as a share of the longer side of the picture. */
const click = 0.0016;
/** Of the picture's area. */
const largestShare = 0.6;
/** Degrees of the rim without a point, beyond which the ellipse is a guess. */
const widestGap = 120;

/** Why nothing can be measured by the reference that an answer shows; null when it can, or when it shows none. */
export function wrongReference(
  { reference_corners: corners, size_mm }: AssistAnswer,
  frame: AssistFrame,
): string | null {
  if (size_mm !== undefined && !(size_mm > 0 && size_mm <= largest_mm)) {
    return `size_mm: ${size_mm} mm is no size of a reference; more than 0 and at most ${largest_mm} mm.`;
  }
  if (!corners) return null;
  const [tooFar] = corners.filter((corner) => isOutside(corner, frame));
  if (tooFar) {
    return `reference_corners: ${said(tooFar)} is outside the image of ${sizeOf(frame)} pixels.`;
  }
  const isCoin = frame.reference_kind === 'coin';
  const wrong =
    (isCoin ? wrongRim(corners, frame) : wrongCorners(corners)) ?? tooLarge(areaOf(corners), frame);
  return wrong && `reference_corners: ${wrong}`;
}

function wrongCorners(corners: readonly Point[]): string | null {
  if (corners.length !== 4) return `${corners.length} points; give the four corners.`;
  if (!isConvex(corners)) {
    return 'they make no convex quadrilateral. Give them in turn around the reference: top left, top right, bottom right, bottom left.';
  }
  // Which corner is the first cannot be told from the other way round: put in turn, the marker could be a quarter off.
  if (signedArea(corners) < 0) {
    return 'they go counter-clockwise, so everything would be measured mirrored. Give them clockwise: top left, top right, bottom right, bottom left of the reference as it is printed.';
  }
  return tooSmall(areaOf(corners));
}

/**
 * The ends of two diameters would not do: of a circle seen aslant they would have to be the axes of its ellipse, and
 * whether they are cannot be told from four points.
 */
function wrongRim(points: readonly Point[], { image }: AssistFrame): string | null {
  const advice = `Give ${leastRim} points or more on the rim of the coin, all around it.`;
  if (points.length < leastRim) return `${points.length} points are too few for a coin. ${advice}`;
  const ellipse = ellipseThrough(points);
  if (!ellipse) return `no ellipse runs through them. ${advice}`;
  const off = (click * Math.max(image.width, image.height)) / ellipse.minor;
  if (ellipse.residual > roundness + off) {
    return `they are ${(100 * ellipse.residual).toFixed(0)} % of its radius away from an ellipse. ${advice}`;
  }
  const gap = largestGap(ellipse, points);
  if (gap > widestGap) return `a part of the rim, ${gap.toFixed(0)}° of it, has no point. ${advice}`;
  return tooSmall(Math.PI * ellipse.major * ellipse.minor);
}

function tooLarge(area: number, { image }: AssistFrame): string | null {
  const share = area / (image.width * image.height);
  return share > largestShare
    ? `they take up ${(100 * share).toFixed(0)} % of the picture, which leaves no place beside it. Give the corners of the reference, not of the picture.`
    : null;
}

function tooSmall(area: number): string | null {
  return area < leastArea
    ? `they enclose ${Math.round(area)} square pixels, too few to measure by; ${leastArea} at least.`
    : null;
}
