import type { MeasurementOptions, ReferenceOptions } from '../../domain/kinds/measurement.ts';
import type {
  Correction,
  MeasuredObject,
  MeasureOutcome,
  Point,
  Quantity,
} from '../../domain/measurement.ts';
import { measureObject, roundPoint } from './measure-object.ts';
import { outcomeOf, type Photograph } from './measure-picture.ts';
import { centreOf, contains } from './plane/polygon.ts';
import { findReference } from './reference/find-reference.ts';
import { inFullPixels } from './reference/in-full-pixels.ts';
import type { ReferencePlane } from './reference/plane.ts';
import { planeOfPerson, sizeOf } from './reference/plane-of-person.ts';

/** What a correction is about. */
export type Previous = Pick<MeasureOutcome, 'objects'>;

/**
 * Measures again with what a person put right. Objects keep their numbers: outlines found before stay unless they
 * are given anew or lie on the reference a person showed; what a person gave as a value is taken as it is, and its
 * `method` says so. Nobody is asked again: the reasons are empty.
 */
export function correctOutcome(
  photograph: Photograph,
  options: MeasurementOptions,
  correction: Correction,
  previous: Previous,
): MeasureOutcome {
  const reference = planeFor(photograph, options.reference, correction);
  const zones = correction.reference_corners ? (reference?.zones ?? []) : [];
  const objects = new Map<number, MeasuredObject>();
  for (const object of previous.objects) {
    if (object.outline.length > 0 && zones.some((zone) => contains(object.outline, centreOf(zone)))) continue;
    objects.set(object.n, measureObject(object, reference));
  }
  for (const { n, points } of correction.outlines ?? []) {
    const outline = points.map(roundPoint);
    objects.set(n, measureObject({ n, outline, source: 'person', terms: [] }, reference));
  }
  for (const { n, ...values } of correction.values ?? []) {
    const known = objects.get(n) ?? measureObject({ n, outline: [], source: 'person', terms: [] }, null);
    objects.set(n, {
      ...known,
      width: told(known.width, values.width_mm),
      height: told(known.height, values.height_mm),
      area: told(known.area, values.area_mm2),
      perimeter: told(known.perimeter, values.perimeter_mm),
    });
  }
  const ordered = [...objects.values()].sort((a, b) => a.n - b.n);
  return outcomeOf({ full: photograph.full, reference, objects: ordered, reasons: [], options });
}

/** The plane by the person's corners, or the machine's with the person's size. */
function planeFor(
  { picture, full, markers }: Photograph,
  wanted: ReferenceOptions,
  { reference_corners, size_mm }: Correction,
): ReferencePlane | null {
  const size = size_mm ?? sizeOf(wanted);
  if (reference_corners) return planeOfPerson(reference_corners.map(roundPoint), wanted, size, full);
  const { reference } = findReference(picture, markers, wanted);
  if (!reference) return null;
  const plane = inFullPixels(reference, [full.width / picture.width, full.height / picture.height]);
  if (size_mm === undefined) return plane;
  const larger = size / sizeOf(wanted);
  const scaled = ([x, y]: Point): Point => [x * larger, y * larger];
  return {
    ...plane,
    found: { ...plane.found, size_mm: size },
    homography: plane.homography.map((value, i) => (i < 6 ? value * larger : value)),
    plane: plane.plane.map(scaled),
    says: `${plane.says}; its size, ${size} mm, by a person`,
  };
}

function told(quantity: Quantity, value: number | undefined): Quantity {
  if (value === undefined) return quantity;
  return {
    ...quantity,
    value,
    confidence: 1,
    method: 'person: measured or read off by hand',
  };
}
