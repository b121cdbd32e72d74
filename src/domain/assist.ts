import { z } from 'zod';
import type { MeasurementOptions } from './kinds/measurement.ts';
import type { FoundReference, MeasureOutcome, Point, Reason, ReferenceKind } from './measurement.ts';
import { storableText } from './storable-text.ts';

/** Without −0, which is not kept: the same answer sent again would be another. */
const coordinate = z.number().overwrite((value) => value + 0);
const point = z.tuple([coordinate, coordinate]).describe('x, y in pixels of the upright image.');

/** Of one thing in the picture: 1 for the largest found. */
const n = z.int().min(1).max(512);

/** Whether an outline crosses itself takes time by the square of its points, in the API and where the workflow runs. */
const mostPoints = 4096;

/** What a person puts right about a measurement. Shapes only; what is possible for this picture says `refusalOf`. */
export const assistAnswer = z.strictObject({
  reference_corners: z
    .array(point)
    .min(4)
    .max(64)
    .optional()
    .describe(
      'Top left, top right, bottom right, bottom left of the marker or card as it is printed; of a coin six points or more on its rim, all around it.',
    ),
  size_mm: z
    .number()
    .optional()
    .describe('The reference’s true size where the job named another: side, longer side, diameter.'),
  outlines: z
    .array(z.strictObject({ n, points: z.array(point).min(3).max(512) }))
    .max(64)
    .refine(
      (outlines) => outlines.reduce((sum, { points }) => sum + points.length, 0) <= mostPoints,
      `more than ${mostPoints} points in all; draw them with fewer`,
    )
    .optional()
    .describe(`The outline of an object, drawn anew; ${mostPoints} points in all.`),
  values: z
    .array(
      z.strictObject({
        n,
        width_mm: z.number().optional().describe('The shorter side.'),
        height_mm: z.number().optional().describe('The longer side.'),
        area_mm2: z.number().optional(),
        perimeter_mm: z.number().optional(),
      }),
    )
    .max(64)
    .optional()
    .describe('Sizes measured or read off by hand; they are taken as they are.'),
  note: storableText().max(500).optional(),
});

export type AssistAnswer = z.infer<typeof assistAnswer>;

/** What has to be known of a question to say whether an answer is one. */
export interface AssistFrame {
  image: { width: number; height: number };
  /** What the job named as its reference; absent in questions of versions that did not tell. */
  reference_kind?: ReferenceKind | undefined;
  /** No scale is known. */
  needs_reference: boolean;
  /** Nothing to measure was found. */
  needs_object: boolean;
  /** With the outline where it is at hand; a workflow's history has no room for it. */
  objects: { n: number; outline?: Point[] }[];
}

/** What a person is asked. */
export interface AssistAsk extends AssistFrame {
  reasons: Reason[];
  objects: {
    n: number;
    corners: Point[];
    outline: Point[];
    width_mm: number | null;
    height_mm: number | null;
  }[];
  reference: FoundReference | null;
  /** ISO 8601: until when an answer is hoped for. */
  due_at: string;
  /** Answers that left something open, oldest first: what they are about was asked again. */
  earlier?: { answer: unknown; by: string; at: string }[];
}

/** The workflow's update that takes an answer. */
export const assistUpdateName = 'assist';

export interface AssistUpdate {
  answer: AssistAnswer;
  /** Who answers. */
  by: string;
  /** To which question of which attempt; whatever is asked now, unless told. */
  attempt?: number;
  question?: number;
}

export interface AcceptedAnswer {
  by: string;
  /** ISO 8601. */
  at: string;
}

/** Whose failure types tell the API what to answer. */
export const assistRefusals = {
  /** Nobody is asked now, or no longer. */
  notWaiting: 'NotWaiting',
  /** Somebody answered first. */
  answered: 'AlreadyAnswered',
  /** It cannot be so. */
  impossible: 'ImpossibleAnswer',
} as const;

/** What a question about this outcome needs an answer to have. */
export function frameOf({ image, reference, objects, provenance }: MeasureOutcome): AssistFrame {
  const { options } = provenance.parameters as { options?: Partial<MeasurementOptions> };
  return {
    image,
    reference_kind: options?.reference?.kind,
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
  const message = `There is no scale for object ${which}. Give the four corners of the reference, or width and height of each.`;
  return [{ code: 'no_reference', message }];
}

function isWithoutSize({ width, height }: MeasureOutcome['objects'][number]): boolean {
  return width.value === null || height.value === null;
}
