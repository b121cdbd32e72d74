import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

export interface NewApiKey {
  user_id: string;
  role: 'user' | 'operator';
  label: string;
  /** Lower-case hex SHA-256 of the key; the key itself is never stored. */
  key_sha256: string;
  expires_at?: Date | null;
}

/** Returns the row's id, by which the key can be revoked. */
export async function createApiKey(database: Database, key: NewApiKey): Promise<{ id: string }> {
  return inTransaction(database, 'the API key', async (tx) => {
    const [row] = await tx.execute<{ id: string }[]>(
      `INSERT INTO api_keys (user_id, role, label, key_sha256, expires_at) VALUES (?, ?, ?, ?, ?) RETURNING id`,
      [key.user_id, key.role, key.label, key.key_sha256, key.expires_at ?? null],
    );
    if (!row) throw new Error('INSERT … RETURNING gave no row');
    return { id: row.id };
  });
}
