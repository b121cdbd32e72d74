import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/**
 * Removes the row of an upload nobody claimed; true when it was there and unclaimed. Called before its
 * objects are removed, so that a job which claims it at the same moment keeps them.
 */
export async function forgetUpload(database: Database, id: string): Promise<boolean> {
  return inTransaction(database, 'the removal of an abandoned upload', async (tx) => {
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      'DELETE FROM uploads WHERE id = ? AND claimed_by_session IS NULL',
      [id],
      'run',
    );
    return affectedRows > 0;
  });
}
