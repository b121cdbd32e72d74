import type { Database } from '../database.ts';
import { DeletionEntity } from '../entities/records.ts';

/** Deletions whose workflow nobody has started yet, oldest first. */
export async function undispatchedDeletions(database: Database, limit: number): Promise<{ id: string }[]> {
  const rows = await database
    .em()
    .find(
      DeletionEntity,
      { dispatched_at: null, completed_at: null },
      { orderBy: { created_at: 'asc' }, limit },
    );
  return rows.map(({ id }) => ({ id }));
}
