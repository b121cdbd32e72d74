import type { Database } from './database.ts';

/** How many accepted jobs wait for the relay; for `/metrics`. */
export async function countUndispatched(database: Database): Promise<number> {
  const [row] = await database.em().execute<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM analysis_jobs
     WHERE phase = 'queued' AND dispatched_at IS NULL AND deleted_at IS NULL`,
  );
  return row?.count ?? 0;
}
