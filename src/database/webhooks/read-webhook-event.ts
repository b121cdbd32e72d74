import type { WebhookPayload } from '../../domain/webhook.ts';
import type { Database } from '../database.ts';
import type { DeliveryOutcome } from './record-delivery.ts';

/** An event as its delivery needs it. */
export interface WebhookEvent {
  id: string;
  job_id: string;
  payload: WebhookPayload;
  url: string;
  /** Of the job; null where the service's own signs. This is the only reader of it. */
  secret: string | null;
  /** How this try went, when it was made and recorded before. */
  tried: DeliveryOutcome | null;
  tried_at: Date | null;
}

/** Null when there is no such event any more: it goes with its job. */
export async function readWebhookEvent(
  database: Database,
  { event_id, attempt }: { event_id: string; attempt: number },
): Promise<WebhookEvent | null> {
  const [row] = await database.em().execute<WebhookEvent[]>(
    `SELECT event.id, job_id, payload, webhook_url AS url, webhook_secret AS secret,
       CASE WHEN delivery.attempt IS NULL THEN NULL WHEN delivered_at IS NOT NULL THEN 'delivered'
         WHEN gave_up_at IS NOT NULL THEN 'gave up' ELSE 'again' END AS tried, delivery.at AS tried_at
     FROM webhook_events AS event JOIN analysis_jobs USING (job_id)
       LEFT JOIN webhook_deliveries AS delivery ON event_id = event.id AND delivery.attempt = ?
     WHERE event.id = ?`,
    [attempt, event_id],
  );
  return row ?? null;
}
