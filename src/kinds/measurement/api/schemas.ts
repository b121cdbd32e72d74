import { z } from 'zod';
import { instant } from '../../../api/schemas/answers.ts';
import { assistState } from '../../../api/schemas/assist.ts';

const point = z.tuple([z.number(), z.number()]).describe('x, y in pixels of the upright image.');
const source = z.enum(['machine', 'person']);
const score = z.number().min(0).max(1);

const quantity = z
  .object({
    value: z.number().nullable().describe('Null as long as there is no scale.'),
    unit: z.enum(['mm', 'mm²', 'deg', '1']),
    pixel: z.number().nullable().describe('The same, measured in the image as it is.'),
    confidence: score.describe('A score, no probability.'),
    method: z.string().describe('How it was got.'),
  })
  .meta({ id: 'Quantity' });

const term = z
  .object({ name: z.string(), value: z.number(), score, why: z.string() })
  .meta({ id: 'ConfidenceTerm' });

const quantities = {
  width: quantity.describe('The shorter side of the smallest rectangle around it.'),
  height: quantity.describe('The longer side.'),
  area: quantity,
  perimeter: quantity,
  solidity: quantity,
  orientation: quantity,
};

const measuredObject = z
  .object({
    n: z.int().min(1),
    label: z.string().nullable(),
    source: source.describe('Who drew the outline.'),
    ...quantities,
    outline: z.array(point),
    corners: z.array(point).describe('Of the smallest rectangle around it.'),
    confidence: score,
    terms: z.array(term),
    machine: z
      .object(quantities)
      .nullable()
      .describe('What the machine had measured, where a person put something right; null where it had not.'),
  })
  .meta({ id: 'Measurement' });

const image = z
  .object({
    key: z.string().describe('In S3.'),
    url: z.string().describe('Presigned: whoever has it can read the image until `expires_at`.'),
    expires_at: instant,
  })
  .meta({ id: 'LinkedImage' });

const preview = image
  .extend({
    width: z
      .int()
      .describe('Times `image.width` / this, an x of it is one of the image; so with the height.'),
    height: z.int(),
  })
  .meta({ id: 'PreviewImage' });

/** A measurement with everything a page needs to show it, or to put it right. */
export const measurementAnalysis = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    status: z.string(),
    phase: z.string(),
    stage: z.string(),
    error_message: z.string().nullable(),
    version: z
      .int()
      .nullable()
      .describe('1 is the machine’s, each answer makes the next; null: nothing measured yet.'),
    source: source.nullable(),
    image: z.object({ width: z.int(), height: z.int() }).nullable().describe('Pixels, upright.'),
    reference: z
      .object({
        kind: z.string(),
        id: z.int().nullable(),
        dictionary: z.string().nullable(),
        size_mm: z.number(),
        corners: z.array(point),
        source,
        terms: z.array(term).describe('Count for every object; empty where measured before they were kept.'),
      })
      .nullable(),
    scale: z
      .object({
        px_per_mm: z.number(),
        source: z.string(),
        homography: z.array(z.number()).describe('Image pixels to millimetres, row by row.'),
      })
      .nullable(),
    confidence: score.nullable(),
    reasons: z
      .array(z.object({ code: z.string(), message: z.string(), terms: z.array(term).optional() }))
      .describe('Why a person is asked; those of the machine’s version after the answer.'),
    measurements: z.array(measuredObject),
    images: z.object({
      original: image,
      preview: preview
        .nullable()
        .describe('The photograph to draw on, where a person was asked: upright, sRGB, a JPEG.'),
      annotated: image.nullable(),
      rectified: image.nullable(),
    }),
    assist: assistState.nullable().describe('Null where nobody was asked; else what was asked last.'),
    answers: z
      .array(z.object({ by: z.string(), at: instant, answer: z.record(z.string(), z.unknown()) }))
      .describe('What people gave in this attempt, the first one’s first.'),
    provenance: z.record(z.string(), z.unknown()).nullable(),
    created_at: instant,
    updated_at: instant,
    started_at: instant.nullable(),
    completed_at: instant.nullable(),
  })
  .meta({ id: 'MeasurementAnalysis' });

export type MeasurementAnalysis = z.infer<typeof measurementAnalysis>;
