import { z } from 'zod';
import { storableText } from '../../../domain/storable-text.ts';

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
    .min(4, 'give the four corners; of a coin six points or more')
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
    .array(
      z.strictObject({ n, points: z.array(point).min(3, 'an outline has three points at least').max(512) }),
    )
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
