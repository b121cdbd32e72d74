import type { EntityManager } from '@mikro-orm/postgresql';
import { DatabaseWriteError, DoubletakeError } from '../domain/errors.ts';
import type { Database } from './database.ts';

/** SQLSTATEs by which PostgreSQL says "again, please": serialization failure and deadlock. */
const again = new Set(['40001', '40P01']);
const mostTries = 5;

/**
 * All or nothing. What the domain throws inside passes through after the rollback; anything else (connection
 * lost, disk full, a constraint) becomes a `DatabaseWriteError` with its cause. `work` may run more than once: PostgreSQL ends one of two
 * transactions that wait for each other.
 */
export async function inTransaction<T>(
  database: Database,
  what: string,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.em().transactional(work);
    } catch (error) {
      if (error instanceof DoubletakeError) throw error;
      if (again.has(sqlState(error)) && tries < mostTries) continue;
      const reason = error instanceof Error ? error.message : String(error);
      throw new DatabaseWriteError(`PostgreSQL did not take ${what}; nothing of it was written. ${reason}`, {
        cause: error,
      });
    }
  }
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
