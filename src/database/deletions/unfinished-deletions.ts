import type { Database } from '../database.ts';

/**
 * Deletions handed to Temporal at least `idleSeconds` ago and not done, in order of `id`; `after`: continue behind this
 * one. The ages are PostgreSQL's, like the times they are taken from: a worker's clock may be wrong.
 */
export async function unfinishedDeletions(
  database: Database,
  { idleSeconds, limit, after }: { idleSeconds: number; limit: number; after?: string },
): Promise<{ id: string }[]> {
  return database.em().execute<{ id: string }[]>(
    `SELECT id FROM deletions
     WHERE dispatched_at IS NOT NULL AND completed_at IS NULL
       AND dispatched_at < now() - make_interval(secs => ?) AND id > ?
     ORDER BY id LIMIT ?`,
    [idleSeconds, after ?? '00000000-0000-0000-0000-000000000000', limit],
  );
}
