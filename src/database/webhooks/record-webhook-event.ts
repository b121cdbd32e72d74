import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import { type WebhookEventType, webhookPayload } from '../../domain/webhook.ts';

/**
 * In the transaction that changes the job: told is what happened, and all of it. The row, not yet dispatched, is the
 * relay's outbox. Nothing is written for a job without a webhook, or for a `type` of null.
 */
export async function recordWebhookEvent(
  tx: EntityManager,
  job: Job,
  type: WebhookEventType | null,
): Promise<void> {
  if (!job.webhook || !type) return;
  await tx.execute(
    'INSERT INTO webhook_events (job_id, type, payload) VALUES (?, ?, ?::jsonb)',
    [job.job_id, type, JSON.stringify(webhookPayload(type, job, new Date()))],
    'run',
  );
}
