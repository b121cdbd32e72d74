import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { WebhookTried } from '../activities/webhook/deliver-webhook.ts';
import type { WebhookActivities } from '../activities/webhook/webhook-activities.ts';
import { type WebhookWorkflowInput, webhookQueue } from '../domain/webhook.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Between a try and the next: what Standard Webhooks suggests, ten tries within three days and a quarter. */
const suggestedWaitsMs = [
  5_000,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/**
 * What fails here is our own database, and is waited for: a receiver that refuses is an outcome, not an error. On a queue of
 * their own: receivers that never answer keep other webhooks waiting, and no job.
 */
function deliveries() {
  return proxyActivities<WebhookActivities>({
    taskQueue: webhookQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  });
}

/** One event of a job, told to its webhook until that takes it, says that it wants no more, or the schedule is over. */
export async function webhook({
  event_id,
  waits_ms = suggestedWaitsMs,
}: WebhookWorkflowInput): Promise<Omit<WebhookTried, 'tried_at'> & { tries: number }> {
  const { deliverWebhook } = deliveries();
  for (let attempt = 1; ; attempt++) {
    const wait = waits_ms[attempt - 1];
    const tried = await deliverWebhook.executeWithOptions(
      { summary: `try ${attempt} of ${waits_ms.length + 1}` },
      [{ event_id, attempt, last: wait === undefined }],
    );
    const { outcome, status_code, tried_at } = tried;
    if (outcome !== 'again' || wait === undefined) return { outcome, status_code, tries: attempt };
    // Of a workflow that was reset, part of the wait is over.
    const waited = tried_at === undefined ? 0 : Date.now() - Date.parse(tried_at);
    if (waited < wait) await sleep(wait - Math.max(waited, 0));
  }
}
