import { apply } from '../analysis/plane/homography.ts';
import type { Raster } from '../analysis/raster.ts';
import { rectifiedView } from '../analysis/rectify.ts';
import type { MeasuredObject, MeasureOutcome, Point } from '../outcome.ts';
import { type Drawn, drawMeasurement } from './draw-measurement.ts';

/** The picture with what was found on it, and the plane seen from above, as JPEGs of at most 1600 pixels a side. */
export async function drawOutcome(
  picture: Raster,
  outcome: MeasureOutcome,
): Promise<{ annotated: Uint8Array; rectified: Uint8Array | null }> {
  const factor = [outcome.image.width / picture.width, outcome.image.height / picture.height] as const;
  const annotated = await drawMeasurement(
    picture,
    drawnOf(outcome, ([x, y]) => [x / factor[0], y / factor[1]]),
  );
  const flat = { ...outcome, objects: outcome.objects.filter(liesInPlane) };
  const view = rectifiedView(picture, flat, factor);
  if (!view) return { annotated, rectified: null };
  const rectified = await drawMeasurement(
    view.raster,
    drawnOf(flat, (point) => apply(view.map, point)),
  );
  return { annotated, rectified };
}

/** What nobody can tell by hand has a value only of what was measured in the plane; the rest can't be seen from above. */
function liesInPlane({ solidity }: MeasuredObject): boolean {
  return solidity.value !== null;
}

function drawnOf(outcome: MeasureOutcome, place: (point: Point) => Point): Drawn {
  const { reference, objects, scale, confidence, reasons } = outcome;
  const all = (points: readonly Point[]) => points.map(place);
  const score = `confidence ${confidence.toFixed(2)}`;
  return {
    reference: reference && { corners: all(reference.corners), text: referenceText(outcome) },
    objects: objects.map((object) => {
      const corners = all(object.corners);
      return { outline: all(object.outline), corners, sides: sidesOf(object, corners), name: `${object.n}` };
    }),
    caption: scale
      ? [
          `${scale.px_per_mm.toFixed(2)} px/mm by ${scale.source}`,
          score,
          ...reasons.map(({ code }) => code),
        ].join(' · ')
      : reasons.map(({ code }) => code.replaceAll('_', ' ')).join(' · '),
  };
}

function referenceText({ reference }: MeasureOutcome): string {
  if (!reference) return '';
  const { kind, id, size_mm } = reference;
  return `${kind}${id === null ? '' : ` ${id}`} ${size_mm} mm`;
}

/** Width and height, each on the side it belongs to. */
function sidesOf({ width, height }: MeasuredObject, corners: readonly Point[]): [string, string] {
  const said = (value: number | null) => (value === null ? '' : `${value.toFixed(1)} mm`);
  const [a, b, c] = corners;
  if (!a || !b || !c) return [said(width.value), said(height.value)];
  const first = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const second = Math.hypot(c[0] - b[0], c[1] - b[1]);
  return first <= second ? [said(width.value), said(height.value)] : [said(height.value), said(width.value)];
}
