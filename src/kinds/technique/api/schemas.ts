import { z } from 'zod';
import { instant } from '../../../api/schemas/answers.ts';
import { levels } from '../finding.ts';

const level = z.enum(levels).describe('`low`: leave it. `medium`: worth a look. `high`: work on it first.');

const evidence = z.looseObject({
  value: z.number().nullable(),
  unit: z.string(),
  threshold: z.object({ medium: z.number(), high: z.number() }).nullable(),
  time_range_s: z.object({ start: z.number(), end: z.number() }).nullable(),
  worst_frames: z.array(
    z.object({ time_s: z.number(), value: z.number(), artifact_key: z.string().nullable() }),
  ),
});

const findings = z
  .looseObject({
    findings: z.array(z.looseObject({ metric: z.string(), level, message: z.string(), evidence })),
    overall_level: level,
  })
  .meta({ id: 'TechniqueFindings' });

const report = z
  .looseObject({
    text: z.string().describe('Markdown.'),
    overall_level: level,
    sections: z.array(z.object({ title: z.string(), text: z.string() })),
  })
  .meta({ id: 'TechniqueReport' });

const results = z.record(z.string(), z.unknown()).meta({ id: 'TechniqueResults' });

/** The job as the coaches' product reads it. Null where a pass was not asked for or not reached. */
export const techniqueAnalysis = z
  .object({
    id: z.uuid(),
    status: z.string(),
    stage: z.string(),
    progress_pct: z.number(),
    error_message: z.string().nullable(),
    quick_results: results.nullable(),
    quick_results_s3_key: z.string().nullable(),
    quick_findings: findings.nullable(),
    quick_report: report.nullable(),
    deep_results: results.nullable(),
    deep_results_s3_key: z.string().nullable(),
    deep_findings: findings.nullable(),
    deep_report: report.nullable(),
    created_at: instant,
    updated_at: instant,
    started_at: instant.nullable(),
    completed_at: instant.nullable(),
  })
  .meta({ id: 'TechniqueAnalysis' });

export type TechniqueAnalysis = z.infer<typeof techniqueAnalysis>;
