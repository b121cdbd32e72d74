import type { Asked } from '../../../domain/assist.ts';
import { type MeasurementOptions, referenceSize } from '../../../domain/kinds/measurement.ts';
import type { FoundReference, MeasureOutcome, Point, Reason, ReferenceKind } from '../outcome.ts';

/** What has to be known of a question to say whether an answer is one. */
export interface AssistFrame {
  image: { width: number; height: number };
  /** What the job named as its reference; absent in questions of versions that did not tell. */
  reference_kind?: ReferenceKind | undefined;
  /** Its size as the job named it: side, longer side, diameter; what corners stand for, unless an answer says otherwise. */
  reference_size_mm?: number | undefined;
  /** No scale is known. */
  needs_reference: boolean;
  /** Nothing to measure was found. */
  needs_object: boolean;
  /** With the outline where it is at hand; a workflow's history has no room for it. */
  objects: { n: number; outline?: Point[] }[];
}

/** What a person is asked. */
export interface AssistAsk extends AssistFrame, Asked {
  reasons: Reason[];
  objects: {
    n: number;
    corners: Point[];
    outline: Point[];
    width_mm: number | null;
    height_mm: number | null;
  }[];
  reference: FoundReference | null;
}

/** What a question about this outcome needs an answer to have. */
export function frameOf({ image, reference, objects, provenance }: MeasureOutcome): AssistFrame {
  const { options } = provenance.parameters as { options?: Partial<MeasurementOptions> };
  return {
    image,
    reference_kind: options?.reference?.kind,
    reference_size_mm: options?.reference && referenceSize(options.reference),
    needs_reference: reference === null && (objects.length === 0 || objects.some(isWithoutSize)),
    needs_object: objects.length === 0,
    objects: objects.map(({ n: number }) => ({ n: number })),
  };
}

export function askOf(outcome: MeasureOutcome, reasons: Reason[], due_at: Date): AssistAsk {
  return {
    ...frameOf(outcome),
    reasons,
    objects: outcome.objects.map(({ n: number, corners, outline, width, height }) => {
      return { n: number, corners, outline, width_mm: width.value, height_mm: height.value };
    }),
    reference: outcome.reference,
    due_at: due_at.toISOString(),
  };
}

/** What an outcome still lacks after a person answered; empty when it has all that is required. */
export function lackedBy({ objects }: Pick<MeasureOutcome, 'objects'>): Reason[] {
  if (objects.length === 0) {
    const message =
      'No object is left to measure: what was found lies on the reference. Draw the outline of the object.';
    return [{ code: 'no_object', message }];
  }
  const unknown = objects.filter(isWithoutSize);
  if (unknown.length === 0) return [];
  const which = unknown.map((object) => object.n).join(', ');
  const message = `There is no scale for object ${which}. Show the reference, by its corners or a coin’s rim, or give width and height of each.`;
  return [{ code: 'no_reference', message }];
}

function isWithoutSize({ width, height }: MeasureOutcome['objects'][number]): boolean {
  return width.value === null || height.value === null;
}
