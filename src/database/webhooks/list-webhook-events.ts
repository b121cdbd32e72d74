import type { WebhookEventType } from '../../domain/webhook.ts';
import type { Database } from '../database.ts';
import { WebhookDeliveryEntity, WebhookEventEntity } from '../entities/webhook.ts';
import type { Delivery } from './record-delivery.ts';

/** What was told of a job, or is about to be, with each try. */
export interface ToldWebhook {
  id: string;
  type: WebhookEventType;
  created_at: Date;
  delivered_at: Date | null;
  gave_up_at: Date | null;
  deliveries: (Omit<Delivery, 'event_id'> & { at: Date })[];
}

/** Oldest first, the tries of each too. */
export async function listWebhookEvents(database: Database, jobId: string): Promise<ToldWebhook[]> {
  const em = database.em();
  const events = await em.find(
    WebhookEventEntity,
    { job_id: jobId },
    { orderBy: { created_at: 'asc', id: 'asc' } },
  );
  const tries = await em.find(
    WebhookDeliveryEntity,
    { event_id: { $in: events.map(({ id }) => id) } },
    { orderBy: { attempt: 'asc' } },
  );
  return events.map(({ id, type, created_at, delivered_at, gave_up_at }) => ({
    id,
    type,
    created_at,
    delivered_at: delivered_at ?? null,
    gave_up_at: gave_up_at ?? null,
    deliveries: tries
      .filter(({ event_id }) => event_id === id)
      .map(({ attempt, url, status_code, error, duration_ms, at }) => {
        return { attempt, url, status_code: status_code ?? null, error: error ?? null, duration_ms, at };
      }),
  }));
}
