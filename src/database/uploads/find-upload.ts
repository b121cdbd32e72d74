import type { Database } from '../database.ts';
import { UploadEntity } from '../entities/records.ts';
import type { Scope } from '../jobs/find-job.ts';

export interface Upload {
  id: string;
  user_id: string;
  file_name: string;
  key: string;
  bytes: number;
  media_type: string | null;
  completed_at: Date | null;
  claimed_by_session: string | null;
  created_at: Date;
}

/** Null for an upload that is not there or is somebody else's. */
export async function findUpload(
  database: Database,
  id: string,
  { userId }: Scope = {},
): Promise<Upload | null> {
  const owner = userId === undefined ? {} : { user_id: userId };
  const row = await database.em().findOne(UploadEntity, { id, ...owner });
  if (!row) return null;
  return {
    id: row.id,
    user_id: row.user_id,
    file_name: row.file_name,
    key: row.key,
    bytes: row.bytes,
    media_type: row.media_type ?? null,
    completed_at: row.completed_at ?? null,
    claimed_by_session: row.claimed_by_session ?? null,
    created_at: row.created_at,
  };
}
