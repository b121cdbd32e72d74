import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Job, PrecededBy } from '../../domain/job.ts';
import type { Phase } from '../../domain/phase.ts';

export const JobEntity = defineEntity({
  name: 'Job',
  tableName: 'analysis_jobs',
  properties: {
    job_id: p.uuid().primary(),
    session_id: p.uuid(),
    user_id: p.string(),
    kind: p.string(),
    original_key: p.string().length(500).nullable(),
    file_name: p
      .string()
      .formula((job) => `(SELECT file_name FROM sessions WHERE sessions.id = ${job}.session_id)`),
    options: p.json().$type<Record<string, unknown>>(),
    status: p.string(),
    phase: p.string().$type<Phase>(),
    stage: p.string(),
    progress_pct: p.integer(),
    result: p.json().$type<Record<string, unknown>>().nullable(),
    error_message: p.text().nullable(),
    error_type: p.text().nullable(),
    workflow_id: p.string(),
    attempt: p.integer(),
    dispatched_at: p.datetime().nullable(),
    cancel_requested_at: p.datetime().nullable(),
    cancel_requested_by: p.string().nullable(),
    cancel_delivered_at: p.datetime().nullable(),
    /** `webhook_secret` is beside it and on purpose not here: only the delivery reads it. */
    webhook_url: p.string().nullable(),
    assist_due_at: p.datetime().nullable(),
    /** The job that this one is to end before, where another kind asked for it. */
    preceding_for: p.uuid().nullable(),
    preceded_by: p.json().$type<PrecededBy[]>().nullable(),
    idempotency_key: p.string().nullable(),
    request_fingerprint: p.string().nullable(),
    deleted_at: p.datetime().nullable(),
    created_at: p.datetime(),
    updated_at: p.datetime(),
    started_at: p.datetime().nullable(),
    completed_at: p.datetime().nullable(),
  },
});

/** The one place where a row becomes the domain's record. Rows older than a column read it as null. */
export function toJob(row: InferEntity<typeof JobEntity>): Job {
  return {
    job_id: row.job_id,
    session_id: row.session_id,
    user_id: row.user_id,
    kind: row.kind,
    original_key: row.original_key ?? null,
    file_name: row.file_name,
    options: row.options,
    status: row.status,
    phase: row.phase,
    stage: row.stage,
    progress_pct: row.progress_pct,
    result: row.result ?? null,
    error_message: row.error_message ?? null,
    error_type: row.error_type ?? null,
    workflow_id: row.workflow_id,
    attempt: row.attempt,
    dispatched_at: row.dispatched_at ?? null,
    cancel_requested_at: row.cancel_requested_at ?? null,
    webhook: row.webhook_url ? { url: row.webhook_url } : null,
    assist_due_at: row.assist_due_at ?? null,
    preceded_by: row.preceded_by ?? null,
    created_at: row.created_at,
    updated_at: row.updated_at,
    started_at: row.started_at ?? null,
    completed_at: row.completed_at ?? null,
  };
}
