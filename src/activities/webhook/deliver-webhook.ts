import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../database/webhooks/read-webhook-event.ts';
import type { Delivery, DeliveryOutcome } from '../../database/webhooks/record-delivery.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { Answered, PostOutside } from './post-outside.ts';

export interface DeliverWebhookNeeds {
  readWebhookEvent(which: { event_id: string; attempt: number }): Promise<WebhookEvent | null>;
  recordDelivery(delivery: Delivery, outcome: DeliveryOutcome): Promise<void>;
  postOutside: PostOutside;
  /** Signs where the job brought no secret of its own. */
  serviceSecret: string | undefined;
  log: ActivityLog;
}

export interface WebhookTry {
  event_id: string;
  attempt: number;
  /** There will be no other try. */
  last: boolean;
}

/** What a history may know of a try: neither address nor secret. */
export interface WebhookTried {
  /** `gone`: the job was deleted, and its event with it. */
  outcome: DeliveryOutcome | 'gone';
  status_code: number | null;
  /** ISO 8601: of a try that was made and recorded before; then nothing was sent now. */
  tried_at?: string;
}

/**
 * Makes one try at delivering an event, and records it. A worker lost between the two makes it once more: receivers tell
 * by `webhook-id`, as Standard Webhooks has them do.
 */
export function makeDeliverWebhook(needs: DeliverWebhookNeeds) {
  const { readWebhookEvent, recordDelivery, postOutside, serviceSecret, log } = needs;

  async function send({ id, payload, url, secret }: WebhookEvent): Promise<Answered> {
    const signing = secret ?? serviceSecret;
    if (!signing) {
      const error =
        'There is no secret to sign it with: the job has none, nor has DOUBLETAKE_WEBHOOK_SECRET.';
      return { status_code: null, error, duration_ms: 0 };
    }
    const body = JSON.stringify(payload);
    const at = new Date();
    return postOutside(url, body, {
      'content-type': 'application/json',
      'user-agent': 'doubletake',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(signing).sign(id, at, body),
    });
  }

  return async function deliverWebhook({ event_id, attempt, last }: WebhookTry): Promise<WebhookTried> {
    const event = await readWebhookEvent({ event_id, attempt });
    if (!event) return { outcome: 'gone', status_code: null };
    if (event.tried) {
      const { tried: outcome, tried_at } = event;
      return { outcome, status_code: null, ...(tried_at && { tried_at: new Date(tried_at).toISOString() }) };
    }
    const { cause, ...answered } = await send(event);
    const { status_code } = answered;
    const outcome = outcomeOf(status_code, last);
    await recordDelivery(
      { event_id, attempt, url: event.url, ...answered, error: answered.error ?? refusal(status_code) },
      outcome,
    );
    const { job_id, payload } = event;
    const { error } = answered;
    const fields = { job_id, event_id, event: payload.type, attempt, status_code, error, cause };
    if (outcome === 'delivered') log.info(fields, 'Webhook delivered');
    else log.warn(fields, outcome === 'again' ? 'Webhook not delivered; will try again' : 'Webhook given up');
    return { outcome, status_code };
  };
}

/** Standard Webhooks: 2xx is success, 410 is a receiver that wants no more, anything else is tried again. */
function outcomeOf(status: number | null, last: boolean): DeliveryOutcome {
  if (status !== null && status >= 200 && status < 300) return 'delivered';
  return last || status === 410 ? 'gave up' : 'again';
}

function refusal(status: number | null): string | null {
  if (status === null || (status >= 200 && status < 300)) return null;
  if (status >= 300 && status < 400) return `Answered ${status}; redirects are not followed.`;
  if (status === 410) return 'Answered 410: it wants no more.';
  return `Answered ${status}.`;
}
