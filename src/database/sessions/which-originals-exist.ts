import type { Database } from '../database.ts';
import { UploadEntity } from '../entities/records.ts';
import { SessionEntity } from '../entities/session.ts';

/** Those of `keys` that a session or an upload claims. */
export async function whichOriginalsExist(database: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const em = database.em();
  const sessions = await em.find(SessionEntity, { original_key: { $in: [...keys] } });
  const uploads = await em.find(UploadEntity, { key: { $in: [...keys] } });
  return new Set([
    ...sessions.flatMap(({ original_key }) => original_key ?? []),
    ...uploads.map(({ key }) => key),
  ]);
}
