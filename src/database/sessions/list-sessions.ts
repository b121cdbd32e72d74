import type { Session } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { SessionEntity, toSession } from '../entities/session.ts';
import type { Scope } from '../jobs/find-job.ts';
import { after, decodeCursor, type Page, pageOf } from '../page.ts';

/** Newest first. @throws InvalidRequest for a cursor no list gave out */
export async function listSessions(
  database: Database,
  { userId, cursor, limit }: Scope & { cursor?: string; limit: number },
): Promise<Page<Session>> {
  const where = {
    deleted_at: null,
    ...(userId !== undefined && { user_id: userId }),
    ...(cursor && after(decodeCursor(cursor), 'id')),
  };
  const rows = await database
    .em()
    .find(SessionEntity, where, { orderBy: { created_at: 'desc', id: 'desc' }, limit: limit + 1 });
  return pageOf(rows, limit, toSession, ({ created_at, id }) => ({ created_at, id }));
}
