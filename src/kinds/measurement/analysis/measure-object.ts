import { areaOf, centreOf, convexHull, perimeterOf, signedArea } from '../geometry/polygon.ts';
import type { ConfidenceTerm, MeasuredObject, Point, Quantity, Source, Unit } from '../outcome.ts';
import { lowestScore, termOf } from './confidence/terms.ts';
import { apply, inverse, isInFront } from './plane/homography.ts';
import { smallestRectangle } from './plane/smallest-rectangle.ts';
import { expectedError, type ReferencePlane } from './reference/plane.ts';

export interface Outlined {
  n: number;
  outline: Point[];
  source: Source;
  /** Those the outline itself gave. */
  terms: ConfidenceTerm[];
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));
export const roundPoint = ([x, y]: Point): Point => [round(x, 2), round(y, 2)];

/**
 * Everything calculated from an outline: in the image, and, where there is a plane, in millimetres. Width and height
 * are the sides of the smallest rectangle; area by the shoelace formula; solidity is area over that of the hull.
 */
export function measureObject(
  { n, outline, source, terms }: Outlined,
  reference: ReferencePlane | null,
): MeasuredObject {
  const inImage = smallestRectangle(outline);
  const isSeen =
    reference &&
    outline.length > 0 &&
    isInFront(reference.homography, outline, centreOf(reference.found.corners));
  const usable = isSeen ? reference : null;
  const flat = usable ? outline.map((point) => apply(usable.homography, point)) : null;
  const rectangle = flat && smallestRectangle(flat);
  const back = usable && inverse(usable.homography);
  const corners =
    rectangle && back ? rectangle.corners.map((corner) => apply(back, corner)) : (inImage?.corners ?? []);
  const all = [
    ...terms.filter(({ name }) => name !== 'plane_distance'),
    // An outline that crosses the plane's horizon, or lies beyond it, can't lie in the plane.
    ...(reference && outline.length > 0
      ? [termOf('plane_distance', usable ? expectedError(usable, corners) : 1)]
      : []),
  ];
  const confidence = usable ? lowestScore([...all, ...usable.terms]) : 0;
  const quantity = (
    value: number | null | undefined,
    unit: Unit,
    pixel: number | undefined,
    method: string,
  ): Quantity => ({
    value: value === null || value === undefined ? null : round(value, unit === '1' ? 4 : 2),
    unit,
    pixel: pixel === undefined || outline.length === 0 ? null : round(pixel, unit === '1' ? 4 : 2),
    confidence,
    method: value === null || value === undefined ? 'no scale' : method,
  });
  const hull = (points: readonly Point[]) => areaOf(points) / (areaOf(convexHull(points)) || 1);
  const by = source === 'person' ? "of the person's outline" : 'of the outline';
  const rect = `of the smallest rectangle around the outline in the plane`;
  return {
    n,
    width: quantity(rectangle?.width, 'mm', inImage?.width, `shorter side ${rect}`),
    height: quantity(rectangle?.height, 'mm', inImage?.height, `longer side ${rect}`),
    area: quantity(flat && areaOf(flat), 'mm²', areaOf(outline), `shoelace formula ${by} in the plane`),
    perimeter: quantity(flat && perimeterOf(flat), 'mm', perimeterOf(outline), `length ${by} in the plane`),
    solidity: quantity(flat && hull(flat), '1', hull(outline), `area ${by} over the area of its convex hull`),
    orientation: quantity(
      rectangle?.angle,
      'deg',
      inImage?.angle,
      `longer side ${rect}, from the reference's top edge`,
    ),
    outline,
    corners: clockwiseFromTopLeft(corners).map(roundPoint),
    confidence,
    terms: all,
    source,
  };
}

function clockwiseFromTopLeft(corners: readonly Point[]): Point[] {
  if (corners.length === 0) return [];
  const ordered = signedArea(corners) >= 0 ? [...corners] : [...corners].reverse();
  const first = ordered.reduce((best, [x, y], i) => {
    const [u, v] = ordered[best] as Point;
    return x + y < u + v ? i : best;
  }, 0);
  return [...ordered.slice(first), ...ordered.slice(0, first)];
}
