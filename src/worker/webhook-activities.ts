import type { ActivityLog } from '../activities/activity-log.ts';
import { makePostOutside } from '../activities/webhook/post-outside.ts';
import { makeWebhookActivities } from '../activities/webhook/webhook-activities.ts';
import type { Database } from '../database/database.ts';
import { readWebhookEvent } from '../database/webhooks/read-webhook-event.ts';
import { recordDelivery } from '../database/webhooks/record-delivery.ts';

export interface WebhookParts {
  database: Database;
  log: ActivityLog;
  webhook: { secret: string | undefined; allowPrivate: boolean };
}

/** What the webhook queue's activities are made of. */
export function webhookActivities({ database, log, webhook }: WebhookParts) {
  return makeWebhookActivities({
    readWebhookEvent: (which) => readWebhookEvent(database, which),
    recordDelivery: (delivery, outcome) => recordDelivery(database, delivery, outcome),
    postOutside: makePostOutside({ allowPrivate: webhook.allowPrivate }),
    serviceSecret: webhook.secret,
    log,
  });
}
