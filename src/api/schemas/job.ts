import { z } from 'zod';
import type { Job } from '../../domain/job.ts';
import { phases } from '../../domain/phase.ts';
import { instant, iso, isoOrNull, links } from './answers.ts';

export const jobId = z.object({ id: z.uuid().describe('The job’s id.') });

export const job = z
  .object({
    id: z.uuid(),
    kind: z.string().describe('What sort of analysis, e.g. `technique`.'),
    session_id: z.uuid(),
    file_name: z.string().describe('As whoever uploaded it named it.'),
    user_id: z.string(),
    status: z.string().describe('The kind’s own word for where the job is.'),
    phase: z.enum(phases).describe('What every kind shares; the last three are ends.'),
    stage: z.string().describe('The step now running, in capitals.'),
    progress_pct: z.number().min(0).max(100).describe('100 only when succeeded.'),
    error_message: z.string().nullable().describe('Why it failed, in words for whoever uploaded the file.'),
    error_type: z
      .string()
      .nullable()
      .describe('Why it failed, in a word for programs, e.g. `UnreadableMedia`; null unless it failed.'),
    attempt: z.int().min(1).describe('1, and one more at each retry.'),
    cancel_requested_at: instant.nullable(),
    webhook: z
      .object({ url: z.string() })
      .nullable()
      .describe('Who is told of its waits and its end; null also for whoever was only asked to answer.'),
    assist_due_at: instant
      .nullable()
      .describe('Until when a person’s answer is hoped for; null unless it waits for one.'),
    created_at: instant,
    updated_at: instant,
    started_at: instant.nullable(),
    completed_at: instant.nullable(),
    workflow_id: z.string().describe('Of all attempts, in Temporal.'),
    options: z.record(z.string(), z.unknown()).describe('As asked for, defaults filled in.'),
    links,
  })
  .meta({ id: 'Job' });

export type JobView = z.infer<typeof job>;

/** Adds links of the job's kind, and of the operators' tools. */
export type LinksOf = (job: Job) => Record<string, string>;

/** The job as the API tells it. */
export function viewOfJob(row: Job, more: LinksOf = () => ({})): JobView {
  const self = `/api/jobs/${row.job_id}`;
  return {
    id: row.job_id,
    kind: row.kind,
    session_id: row.session_id,
    file_name: row.file_name,
    user_id: row.user_id,
    status: row.status,
    phase: row.phase,
    stage: row.stage,
    progress_pct: row.progress_pct,
    error_message: row.error_message,
    error_type: row.error_type,
    attempt: row.attempt,
    cancel_requested_at: isoOrNull(row.cancel_requested_at),
    webhook: row.webhook,
    assist_due_at: isoOrNull(row.assist_due_at),
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    started_at: isoOrNull(row.started_at),
    completed_at: isoOrNull(row.completed_at),
    workflow_id: row.workflow_id,
    options: row.options,
    links: {
      self,
      session: `/api/sessions/${row.session_id}`,
      progress: `${self}/progress`,
      result: `${self}/result`,
      artifacts: `${self}/artifacts`,
      transitions: `${self}/transitions`,
      webhooks: `${self}/webhooks`,
      cancel: `${self}/cancel`,
      retry: `${self}/retry`,
      ...more(row),
    },
  };
}
