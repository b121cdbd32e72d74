import type { Database } from '../database.ts';

/**
 * How many jobs wait or are at work, of each kind in each phase; for `/metrics`. Ended ones are not counted: they
 * grow without end, and the index over open jobs is what keeps this cheap.
 */
export async function countOpenJobs(
  database: Database,
): Promise<{ kind: string; phase: string; count: number }[]> {
  return database.em().execute<{ kind: string; phase: string; count: number }[]>(
    `SELECT kind, phase, count(*)::int AS count FROM analysis_jobs
     WHERE phase IN ('queued', 'running', 'waiting') AND deleted_at IS NULL
     GROUP BY kind, phase ORDER BY kind, phase`,
  );
}
