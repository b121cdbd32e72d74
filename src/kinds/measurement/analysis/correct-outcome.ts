import {
  type MeasurementOptions,
  type ReferenceOptions,
  referenceSize,
} from '../../../domain/kinds/measurement.ts';
import { centreOf, contains } from '../geometry/polygon.ts';
import type { Correction, FoundReference, MeasuredObject, MeasureOutcome, Point } from '../outcome.ts';
import { termOf } from './confidence/terms.ts';
import { measureObject, roundPoint } from './measure-object.ts';
import { outcomeOf, type Photograph } from './measure-picture.ts';
import { smallestRectangle } from './plane/smallest-rectangle.ts';
import { findReference } from './reference/find-reference.ts';
import { inFullPixels } from './reference/in-full-pixels.ts';
import type { ReferencePlane } from './reference/plane.ts';
import { planeOfPerson } from './reference/plane-of-person.ts';
import { toldOf, withTold } from './told-values.ts';

/** What a correction is about: the machine's outcome, or the one after an earlier answer. */
export type Previous = Pick<MeasureOutcome, 'objects' | 'reference'>;

/**
 * Measures again with what a person put right. Objects keep their numbers: outlines found before stay unless they
 * are given anew or lie on the reference a person showed; what a person gave as a value is taken as it is, and its
 * `method` says so. What an earlier answer said, of the reference, its size, an outline or a value, holds until it is
 * said anew. The reasons are empty: what is still lacking says `lackedBy`.
 */
export function correctOutcome(
  photograph: Photograph,
  options: MeasurementOptions,
  correction: Correction,
  previous: Previous,
): MeasureOutcome {
  const reference = planeFor(photograph, options.reference, correction, previous.reference);
  // The score of a size in pixels is by those that are looked at, whoever draws.
  const looked = photograph.picture.width / photograph.full.width;
  const zones = correction.reference_corners ? (reference?.zones ?? []) : [];
  const objects = new Map<number, MeasuredObject>();
  for (const object of previous.objects) {
    if (object.outline.length > 0 && zones.some((zone) => contains(object.outline, centreOf(zone)))) continue;
    objects.set(object.n, withTold(measureObject(object, reference), toldOf(object)));
  }
  for (const { n, points } of correction.outlines ?? []) {
    const outline = points.map(roundPoint);
    const terms = [termOf('resolution', (smallestRectangle(outline)?.width ?? 0) * looked)];
    const drawn = measureObject({ n, outline, source: 'person', terms }, reference);
    const before = objects.get(n);
    objects.set(n, before ? withTold(drawn, toldOf(before)) : drawn);
  }
  for (const { n, ...values } of correction.values ?? []) {
    const known = objects.get(n) ?? measureObject({ n, outline: [], source: 'person', terms: [] }, null);
    objects.set(n, withTold(known, values));
  }
  const ordered = [...objects.values()].sort((a, b) => a.n - b.n);
  return outcomeOf({ full: photograph.full, reference, objects: ordered, reasons: [], options });
}

/** The plane by a person's corners, of this answer or an earlier one, or the machine's with the person's size. */
function planeFor(
  { picture, full, markers }: Photograph,
  wanted: ReferenceOptions,
  { reference_corners, size_mm }: Correction,
  before: FoundReference | null,
): ReferencePlane | null {
  const size = size_mm ?? before?.size_mm ?? referenceSize(wanted);
  const corners = reference_corners ?? (before?.source === 'person' ? before.corners : undefined);
  if (corners) return planeOfPerson(corners.map(roundPoint), wanted, size, full);
  const { reference } = findReference(picture, markers, wanted);
  if (!reference) return null;
  const plane = inFullPixels(reference, [full.width / picture.width, full.height / picture.height]);
  if (size === referenceSize(wanted)) return plane;
  const larger = size / referenceSize(wanted);
  const scaled = ([x, y]: Point): Point => [x * larger, y * larger];
  return {
    ...plane,
    found: { ...plane.found, size_mm: size },
    homography: plane.homography.map((value, i) => (i < 6 ? value * larger : value)),
    plane: plane.plane.map(scaled),
    says: `${plane.says.replace(/, [\d.]+ mm a side$/, '')}; its size, ${size} mm, by a person`,
  };
}
