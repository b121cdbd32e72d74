import { raw } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { ApiKeyEntity } from '../entities/records.ts';

/** Whose key this is; null when it is unknown, revoked or expired. */
export async function findApiKey(
  database: Database,
  keySha256: string,
): Promise<{ user_id: string; role: 'user' | 'operator'; expires_at: Date | null } | null> {
  const row = await database.em().findOne(ApiKeyEntity, {
    key_sha256: keySha256,
    revoked_at: null,
    $or: [{ expires_at: null }, { expires_at: { $gt: raw('now()') } }],
  });
  return row && { user_id: row.user_id, role: row.role, expires_at: row.expires_at ?? null };
}
