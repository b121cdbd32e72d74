import type { Database } from '../database.ts';

/**
 * Sessions whose jobs are all gone (by retention or by hand) and that are older than so many days: nobody
 * asks for their original any more.
 */
export async function expiredSessions(
  database: Database,
  { olderThanDays, limit }: { olderThanDays: number; limit: number },
): Promise<{ id: string }[]> {
  return database.em().execute<{ id: string }[]>(
    `SELECT id FROM sessions
     WHERE deleted_at IS NULL AND created_at < now() - make_interval(days => ?)
       AND NOT EXISTS (SELECT 1 FROM analysis_jobs WHERE session_id = sessions.id)
     ORDER BY created_at LIMIT ?`,
    [olderThanDays, limit],
  );
}
