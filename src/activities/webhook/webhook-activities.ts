import { type DeliverWebhookNeeds, makeDeliverWebhook } from './deliver-webhook.ts';

/** On a queue of their own: what a job's webhook is told with. */
export function makeWebhookActivities(needs: DeliverWebhookNeeds) {
  return { deliverWebhook: makeDeliverWebhook(needs) };
}

export type WebhookActivities = ReturnType<typeof makeWebhookActivities>;
