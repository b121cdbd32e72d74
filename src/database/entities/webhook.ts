import { defineEntity, p } from '@mikro-orm/postgresql';
import type { WebhookEventType, WebhookPayload } from '../../domain/webhook.ts';

/** What is to be told of a job; written with what happened. */
export const WebhookEventEntity = defineEntity({
  name: 'WebhookEvent',
  tableName: 'webhook_events',
  properties: {
    id: p.uuid().primary(),
    job_id: p.uuid(),
    type: p.string().$type<WebhookEventType>(),
    payload: p.json().$type<WebhookPayload>(),
    created_at: p.datetime(),
    dispatched_at: p.datetime().nullable(),
    delivered_at: p.datetime().nullable(),
    gave_up_at: p.datetime().nullable(),
  },
});

/** One try at telling it. */
export const WebhookDeliveryEntity = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    event_id: p.uuid().primary(),
    attempt: p.integer().primary(),
    url: p.string().length(2048),
    status_code: p.integer().nullable(),
    error: p.text().nullable(),
    duration_ms: p.integer(),
    at: p.datetime(),
  },
});
