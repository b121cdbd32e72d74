import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { Session } from '../../domain/job.ts';
import type { Phase } from '../../domain/phase.ts';

export const SessionEntity = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    user_id: p.string(),
    original_key: p.string().length(500).nullable(),
    file_name: p.string(),
    media_type: p.string().nullable(),
    bytes: p.bigint('number').nullable(),
    sha256: p.string().nullable(),
    status: p.string().$type<Phase>(),
    deleted_at: p.datetime().nullable(),
    created_at: p.datetime().onCreate(() => new Date()),
    updated_at: p.datetime().onCreate(() => new Date()),
  },
});

export function toSession(row: InferEntity<typeof SessionEntity>): Session {
  const { id, user_id, file_name, status, created_at, updated_at } = row;
  const { original_key = null, media_type = null, bytes = null, sha256 = null } = row;
  return { id, user_id, original_key, file_name, media_type, bytes, sha256, status, created_at, updated_at };
}
