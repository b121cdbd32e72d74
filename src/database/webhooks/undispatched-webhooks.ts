import type { WebhookEventType } from '../../domain/webhook.ts';
import type { Database } from '../database.ts';

export interface UndispatchedWebhook {
  id: string;
  type: WebhookEventType;
  job_id: string;
}

/** Events whose workflow nobody has started yet, oldest first. */
export async function undispatchedWebhooks(
  database: Database,
  limit: number,
): Promise<UndispatchedWebhook[]> {
  return database
    .em()
    .execute<UndispatchedWebhook[]>(
      'SELECT id, type, job_id FROM webhook_events WHERE dispatched_at IS NULL ORDER BY created_at LIMIT ?',
      [limit],
    );
}
