import { z } from 'zod';
import type { KindDefinition } from '../kind.ts';

export const arucoDictionaries = [
  'DICT_4X4_50',
  'DICT_4X4_100',
  'DICT_4X4_250',
  'DICT_4X4_1000',
  'DICT_5X5_50',
  'DICT_5X5_100',
  'DICT_5X5_250',
  'DICT_5X5_1000',
  'DICT_6X6_50',
  'DICT_6X6_100',
  'DICT_6X6_250',
  'DICT_6X6_1000',
  'DICT_7X7_50',
  'DICT_7X7_100',
  'DICT_7X7_250',
  'DICT_7X7_1000',
  'DICT_ARUCO_ORIGINAL',
  'DICT_APRILTAG_16h5',
  'DICT_APRILTAG_25h9',
  'DICT_APRILTAG_36h10',
  'DICT_APRILTAG_36h11',
  'DICT_ARUCO_MIP_36h12',
] as const;

const length = z.number().gt(0).max(10_000);

const reference = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('aruco').describe('An ArUco marker, printed without scaling.'),
      dictionary: z.enum(arucoDictionaries).default('DICT_5X5_50'),
      id: z
        .int()
        .min(0)
        .max(1023)
        .optional()
        .describe(
          'Only the marker of this number; otherwise all of the dictionary, which must be of one size.',
        ),
      size_mm: length.default(50).describe('Side of the black square.'),
    }),
    z.strictObject({
      kind: z.literal('card').describe('A bank or identity card: ISO/IEC 7810 ID-1, 85.60 × 53.98 mm.'),
    }),
    z.strictObject({
      kind: z.literal('coin').describe('A coin, or any flat disc.'),
      diameter_mm: length,
    }),
  ],
  {
    error:
      'expected an object such as {"kind": "aruco", "size_mm": 50}, {"kind": "card"} or {"kind": "coin", "diameter_mm": 23.25}',
  },
);

export const measurementOptions = z.strictObject({
  reference: reference
    .default({ kind: 'aruco', dictionary: 'DICT_5X5_50', size_mm: 50 })
    .describe('What of known size lies in the plane of the objects.'),
  // Stricter is a wish; laxer would let pass what nobody should rely on.
  min_confidence: z
    .number()
    .min(0.7)
    .max(1)
    .default(0.7)
    .describe('Under this score, which is no probability, a person is asked. Never less than 0.7.'),
  assist_within_hours: z
    .number()
    .gt(0)
    .max(24 * 365)
    .default(48)
    .describe('After so many hours without an answer the job reminds, once; it goes on waiting.'),
});

export type MeasurementOptions = z.infer<typeof measurementOptions>;
export type ReferenceOptions = MeasurementOptions['reference'];

/** ISO/IEC 7810:2019, ID-1; millimetres. */
export const cardSize = { width: 85.6, height: 53.98 } as const;

/** Side of the marker, longer side of the card, diameter of the coin; millimetres. */
export function referenceSize(reference: ReferenceOptions): number {
  if (reference.kind === 'aruco') return reference.size_mm;
  return reference.kind === 'coin' ? reference.diameter_mm : cardSize.width;
}

export const measurement: KindDefinition<MeasurementOptions> = {
  kind: 'measurement',
  source: 'file',
  mediaTypes: ['image/jpeg', 'image/png', 'image/webp', 'image/tiff', 'image/avif', 'image/gif'],
  options: measurementOptions,
  statuses: {
    queued: { phase: 'queued', to: ['processing', 'failed', 'canceled'] },
    processing: { phase: 'running', to: ['completed', 'needs_assist', 'failed', 'canceled'] },
    needs_assist: { phase: 'waiting', to: ['completed', 'failed', 'canceled'] },
    completed: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  // What a version promises depends on what was found; its story says it at the end (`WrittenRows.promises`).
  passes: () => [{ name: 'measuring', stage: 'MEASURING', keeps: [] }],
  // A retry measures the photograph again. Rows claim what a person was asked about, and answered.
  resumesFrom: () => false,
  retentionDays: 365,
};
