import { z } from 'zod';
import { instant } from '../../../api/schemas/answers.ts';

export const mriJob = z.object({
  job_id: z.uuid(),
  user_id: z.string(),
  original_image_key: z
    .string()
    .nullable()
    .describe('Null until the file has been cleaned of what names a person.'),
  status: z.string(),
  created_at: instant,
  updated_at: instant,
  error_message: z.string().nullable(),
});

export const mriResult = z.object({
  result_id: z.uuid(),
  job_id: z.uuid(),
  segmentation_result_key: z.string().nullable(),
  image_description: z.string().nullable(),
  enhanced_report: z.string().nullable().describe('Markdown. Not for diagnosis.'),
  confidence_scores: z.record(z.string(), z.unknown()).nullable(),
  processing_metrics: z.record(z.string(), z.unknown()),
  created_at: instant,
});
