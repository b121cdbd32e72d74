import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** The deletion's workflow is at Temporal. */
export async function markDeletionDispatched(database: Database, id: string): Promise<void> {
  await inTransaction(database, 'the mark that the deletion was started', async (tx) => {
    await tx.execute(
      `UPDATE deletions SET dispatched_at = now(), state = 'deleting'
       WHERE id = ? AND dispatched_at IS NULL AND completed_at IS NULL`,
      [id],
      'run',
    );
  });
}
