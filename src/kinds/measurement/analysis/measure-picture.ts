import type { MeasurementOptions } from '../../../domain/kinds/measurement.ts';
import type { MeasuredObject, MeasureOutcome, Point, Reason } from '../outcome.ts';
import { thresholds } from './confidence/thresholds.ts';
import { measureObject, type Outlined, round, roundPoint } from './measure-object.ts';
import { outlineTerms } from './outline/outline-terms.ts';
import type { Raster } from './raster.ts';
import { reasonsFor } from './reasons.ts';
import { findReference } from './reference/find-reference.ts';
import { enlarged, inFullPixels, type PixelFactor } from './reference/in-full-pixels.ts';
import type { RoughMarker } from './reference/markers.ts';
import { pixelsPerMillimetre, type ReferencePlane } from './reference/plane.ts';

export interface Photograph {
  /** What is looked at. */
  picture: Raster;
  /** Size of the stored image, upright. */
  full: { width: number; height: number };
  /** As detected in `picture`; only of use where the reference is a marker. */
  markers: readonly RoughMarker[];
}

/** More objects than this are not measured: nobody laid them there one by one. */
const MOST_OBJECTS = 64;

/** Finds reference and objects and measures; all points and pixel values are those of the stored image. */
export function measurePicture(
  { picture, full, markers }: Photograph,
  options: MeasurementOptions,
): MeasureOutcome {
  const factor: PixelFactor = [full.width / picture.width, full.height / picture.height];
  const { reference, objects, candidates } = findReference(picture, markers, options.reference);
  const plane = reference && inFullPixels(reference, factor);
  const outlined = objects.slice(0, MOST_OBJECTS).map(
    (found, i): Outlined => ({
      n: i + 1,
      outline: found.points.map((point): Point => roundPoint(enlarged(point, factor))),
      source: 'machine',
      terms: outlineTerms(found),
    }),
  );
  const measured = outlined.map((one) => measureObject(one, plane));
  const reasons = reasonsFor({
    reference: plane,
    wanted: options.reference,
    objects: measured,
    leastConfidence: options.min_confidence,
    candidates,
  });
  return outcomeOf({ full, reference: plane, objects: measured, reasons, options });
}

interface Parts {
  full: { width: number; height: number };
  reference: ReferencePlane | null;
  objects: MeasuredObject[];
  reasons: Reason[];
  options: MeasurementOptions;
}

export function outcomeOf({ full, reference, objects, reasons, options }: Parts): MeasureOutcome {
  return {
    image: { width: full.width, height: full.height },
    reference: reference && {
      ...reference.found,
      corners: reference.found.corners.map(roundPoint),
      terms: reference.terms,
    },
    scale: reference && {
      px_per_mm: round(pixelsPerMillimetre(reference), 4),
      source: reference.says,
      homography: reference.homography.map((value) => Number(value.toPrecision(10))),
    },
    objects,
    confidence: objects.length === 0 ? 0 : Math.min(...objects.map((one) => one.confidence)),
    reasons,
    provenance: { models: [], parameters: { options, thresholds } },
  };
}
