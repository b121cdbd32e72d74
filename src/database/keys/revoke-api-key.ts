import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** False when there is no such key. Revoking twice keeps the first time. */
export async function revokeApiKey(database: Database, id: string): Promise<boolean> {
  return inTransaction(database, 'the revocation', async (tx) => {
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = ?',
      [id],
      'run',
    );
    return affectedRows > 0;
  });
}
