import type { Database } from '../database.ts';
import { ApiKeyEntity } from '../entities/records.ts';

export interface ApiKeySummary {
  id: string;
  user_id: string;
  role: 'user' | 'operator';
  label: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  /** See `NewApiKey`. */
  limited_to: readonly string[] | null;
}

/** All keys, newest first, without their hashes. */
export async function listApiKeys(database: Database): Promise<ApiKeySummary[]> {
  const rows = await database.em().find(ApiKeyEntity, {}, { orderBy: { created_at: 'desc' } });
  return rows.map(({ id, user_id, role, label, created_at, expires_at, revoked_at, limited_to }) => ({
    id,
    user_id,
    role,
    label,
    created_at,
    expires_at: expires_at ?? null,
    revoked_at: revoked_at ?? null,
    limited_to: limited_to ?? null,
  }));
}
