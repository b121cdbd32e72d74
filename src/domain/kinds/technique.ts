import { z } from 'zod';
import type { KindDefinition } from '../kind.ts';

/** What a technique job measures, in the order in which it is told. */
export const techniqueMetrics = [
  'head_stability',
  'balance_drift',
  'knee_brace',
  'hip_shoulder_separation',
  'elbow_drop',
] as const;

/** Fractions of the frame, 0–1, origin top left. */
const box = z.strictObject({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});

const techniqueOptions = z.strictObject({
  mode: z
    .enum(['quick', 'deep'])
    .default('deep')
    .describe('`quick`: quick pass only. `deep`: quick, then deep.'),
  person: box
    .optional()
    .describe('Box around the person to follow, in fractions of the first frame they are in.'),
  front_side: z
    .enum(['left', 'right', 'auto'])
    .default('auto')
    .describe('Which knee is the front one; `auto` takes the side that faces the camera.'),
  slow_motion_factor: z
    .number()
    .min(1)
    .max(64)
    .default(1)
    .describe('How many times slower than life the video plays; 8 for 240 fps stored as 30.'),
  cutoff_hz: z.number().gt(0).max(50).optional().describe('Low-pass cut-off; 6 Hz unless told.'),
  thresholds: z
    .partialRecord(z.enum(techniqueMetrics), z.strictObject({ medium: z.number(), high: z.number() }))
    .optional()
    .describe('Thresholds by metric name, in the unit of the metric, instead of the shipped heuristics.'),
  source_job_id: z
    .uuid()
    .optional()
    .describe(
      'Re-analyse the keypoints an earlier deep job stored: no model runs, and of the video at most ten frames are decoded, for the pictures.',
    ),
});

export type TechniqueOptions = z.infer<typeof techniqueOptions>;

/** A re-analysis (`source_job_id`) looks at stored per-frame keypoints, so `deep` needs no quick pass. */
function passesOf(options: TechniqueOptions): readonly TechniquePass[] {
  if (options.source_job_id) return ['deep'];
  return options.mode === 'quick' ? ['quick'] : ['quick', 'deep'];
}

export type TechniquePass = 'quick' | 'deep';

export const technique: KindDefinition<TechniqueOptions> = {
  kind: 'technique',
  source: 'file',
  mediaTypes: [
    'video/mp4',
    'video/quicktime',
    'video/x-m4v',
    'video/webm',
    'video/matroska',
    'video/x-matroska',
    'video/vnd.avi',
    'video/x-msvideo',
    'video/mp2t',
    'video/mpeg',
    'video/3gpp',
  ],
  options: techniqueOptions,
  statuses: {
    queued: { phase: 'queued', to: ['processing', 'failed', 'canceled'] },
    processing: { phase: 'running', to: ['done', 'failed', 'canceled'] },
    done: { phase: 'succeeded', to: [] },
    failed: { phase: 'failed', to: [] },
    canceled: { phase: 'canceled', to: [] },
  },
  passes: (options) =>
    passesOf(options).map((name) => ({
      name,
      stage: name.toUpperCase(),
      keeps: [
        { name: 'findings', fields: [`${name}_findings`], objects: [`${name}/findings.json`] },
        { name: 'report', fields: [`${name}_report`], objects: [`${name}/report.json`] },
      ],
    })),
  // The person to follow, the plan, and each segment's checkpoint with its ends.
  resumesFrom: (name) => /^(quick\/person|deep\/(index|segment-.+|link-.+))\.json$/.test(name),
  retentionDays: 365,
};
