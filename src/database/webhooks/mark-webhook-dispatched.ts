import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** The event's workflow is at Temporal. */
export async function markWebhookDispatched(database: Database, id: string): Promise<void> {
  await inTransaction(database, 'the mark that the webhook was started', async (tx) => {
    await tx.execute(
      'UPDATE webhook_events SET dispatched_at = now() WHERE id = ? AND dispatched_at IS NULL',
      [id],
      'run',
    );
  });
}
