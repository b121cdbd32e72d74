import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

export interface NewApiKey {
  user_id: string;
  role: 'user' | 'operator';
  label: string;
  /** Lower-case hex SHA-256 of the key; the key itself is never stored. */
  key_sha256: string;
  expires_at?: Date | null;
  /** `<kind>:<name>`, such as `camera:yard`: all that the key is for. Null, or left out: all that its user may. */
  limited_to?: readonly string[] | null;
}

/** Returns the row's id, by which the key can be revoked. */
export async function createApiKey(database: Database, key: NewApiKey): Promise<{ id: string }> {
  return inTransaction(database, 'the API key', async (tx) => {
    const [row] = await tx.execute<{ id: string }[]>(
      `INSERT INTO api_keys (user_id, role, label, key_sha256, expires_at, limited_to) VALUES (?, ?, ?, ?, ?, string_to_array(?, ',')) RETURNING id`,
      [
        ...[key.user_id, key.role, key.label, key.key_sha256, key.expires_at ?? null],
        // None of the names has a comma.
        key.limited_to?.join(',') ?? null,
      ],
    );
    if (!row) throw new Error('INSERT … RETURNING gave no row');
    return { id: row.id };
  });
}
