import type { Database } from './database.ts';

/** How many jobs there are of each kind in each phase; for `/metrics`. */
export async function countJobs(
  database: Database,
): Promise<{ kind: string; phase: string; count: number }[]> {
  return database.em().execute<{ kind: string; phase: string; count: number }[]>(
    `SELECT kind, phase, count(*)::int AS count
     FROM analysis_jobs WHERE deleted_at IS NULL GROUP BY kind, phase ORDER BY kind, phase`,
  );
}
