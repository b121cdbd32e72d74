import { raw } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { ApiKeyEntity } from '../entities/records.ts';
import type { ApiKeySummary } from './list-api-keys.ts';

/** Whose key this is, and what it is limited to; null when it is unknown, revoked or expired. */
export async function findApiKey(
  database: Database,
  keySha256: string,
): Promise<Pick<ApiKeySummary, 'user_id' | 'role' | 'expires_at' | 'limited_to'> | null> {
  const row = await database.em().findOne(ApiKeyEntity, {
    key_sha256: keySha256,
    revoked_at: null,
    $or: [{ expires_at: null }, { expires_at: { $gt: raw('now()') } }],
  });
  if (!row) return null;
  const { user_id, role, expires_at = null, limited_to = null } = row;
  return { user_id, role, expires_at, limited_to };
}
