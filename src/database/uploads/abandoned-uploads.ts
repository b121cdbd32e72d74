import { raw } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { UploadEntity } from '../entities/records.ts';

/** Uploads that no session claimed in so many hours; their objects and rows may go. */
export async function abandonedUploads(
  database: Database,
  olderThanHours: number,
): Promise<{ id: string; key: string }[]> {
  const before = raw('now() - make_interval(secs => ?)', [olderThanHours * 3600]);
  const rows = await database
    .em()
    .find(UploadEntity, { claimed_by_session: null, created_at: { $lt: before } }, { limit: 1000 });
  return rows.map(({ id, key }) => ({ id, key }));
}
