import type { EntityManager } from '@mikro-orm/postgresql';
import { DatabaseWriteError, DoubletakeError } from '../domain/errors.ts';
import type { Database } from './database.ts';

/**
 * All or nothing. What the domain throws inside passes through after the rollback; anything else (connection
 * lost, disk full, a constraint) becomes a `DatabaseWriteError` with its cause.
 */
export async function inTransaction<T>(
  database: Database,
  what: string,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    return await database.em().transactional(work);
  } catch (error) {
    if (error instanceof DoubletakeError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseWriteError(`PostgreSQL did not take ${what}; nothing of it was written. ${reason}`, {
      cause: error,
    });
  }
}
