import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** `again`: it failed, and there will be another try. */
export type DeliveryOutcome = 'delivered' | 'again' | 'gave up';

export interface Delivery {
  event_id: string;
  /** 1 for the first try. */
  attempt: number;
  url: string;
  /** Null where nobody answered; then `error` says why. */
  status_code: number | null;
  error: string | null;
  duration_ms: number;
}

/** Keeps one try and, where it was the last, how it ended. The event may be gone with its job: then nothing is written. */
export async function recordDelivery(
  database: Database,
  { event_id, attempt, url, status_code, error, duration_ms }: Delivery,
  outcome: DeliveryOutcome,
): Promise<void> {
  await inTransaction(database, 'the try at delivering a webhook', async (tx) => {
    const [event] = await tx.execute<unknown[]>('SELECT 1 FROM webhook_events WHERE id = ? FOR UPDATE', [
      event_id,
    ]);
    if (!event) return;
    await tx.execute(
      `INSERT INTO webhook_deliveries (event_id, attempt, url, status_code, error, duration_ms)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (event_id, attempt) DO NOTHING`,
      [event_id, attempt, url, status_code, error, duration_ms],
      'run',
    );
    await tx.execute(
      `UPDATE webhook_events SET delivered_at = CASE WHEN ? THEN coalesce(delivered_at, now()) ELSE delivered_at END,
         gave_up_at = CASE WHEN ? THEN coalesce(gave_up_at, now()) ELSE gave_up_at END WHERE id = ?`,
      [outcome === 'delivered', outcome === 'gave up', event_id],
      'run',
    );
  });
}
