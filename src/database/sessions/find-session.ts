import type { Session } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { SessionEntity, toSession } from '../entities/session.ts';
import type { Scope } from '../jobs/find-job.ts';

/** Null for a session that is not there, is being deleted, or is somebody else's. */
export async function findSession(
  database: Database,
  id: string,
  { userId }: Scope = {},
): Promise<Session | null> {
  const owner = userId === undefined ? {} : { user_id: userId };
  const row = await database.em().findOne(SessionEntity, { id, deleted_at: null, ...owner });
  return row && toSession(row);
}
