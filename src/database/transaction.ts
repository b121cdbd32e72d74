import type { EntityManager } from '@mikro-orm/postgresql';
import { DatabaseWriteError, DoubletakeError } from '../domain/errors.ts';
import { faultOf } from '../domain/our-words.ts';
import type { Database } from './database.ts';

/** SQLSTATEs by which PostgreSQL says "again, please": serialization failure and deadlock. */
const again = new Set(['40001', '40P01']);
const mostTries = 5;

/**
 * All or nothing. What the domain throws inside passes through after the rollback; anything else (connection
 * lost, disk full, a constraint) becomes a `DatabaseWriteError` with its cause. `work` may run more than once:
 * PostgreSQL ends one of two transactions that wait for each other.
 */
export async function inTransaction<T>(
  database: Database,
  what: string,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  let committing = false;
  const attempt = () => {
    committing = false;
    return transaction(database, async (tx) => {
      const result = await work(tx);
      committing = true;
      return result;
    });
  };
  return untilTaken(what, attempt, () => committing);
}

/** The same for a single statement, which is a transaction by itself: there are no BEGIN and COMMIT to wait for. */
export async function inStatement<T>(
  database: Database,
  what: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  // What PostgreSQL answers with a code was rolled back; where it says nothing, it may have been done.
  return untilTaken(
    what,
    () => work(database.em()),
    (error) => !isSqlState(codeOf(error)),
  );
}

async function untilTaken<T>(
  what: string,
  attempt: () => Promise<T>,
  isUnknown: (error: unknown) => boolean,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof DoubletakeError) throw error;
      if (again.has(codeOf(error)) && tries < mostTries) continue;
      const fault = faultOf(error);
      const outcome = isUnknown(error) ? 'whether it was written is not known' : 'nothing of it was written';
      throw new DatabaseWriteError(
        `PostgreSQL did not take ${what}${fault ? `: ${fault}` : ''}; ${outcome}.`,
        {
          cause: error,
        },
      );
    }
  }
}

/**
 * One transaction on one connection, with a unit of work bound to it.
 *
 * Not `em.transactional`: its transaction is kysely's controlled one, which keeps the connection for ever when
 * the rollback fails, and it always fails after the connection was lost. Ten of those and the pool is empty
 * (kysely 0.29, MikroORM 7.2.1; a test cuts connections to see it). Nor does anything flush here: statements
 * are all explicit.
 */
export async function transaction<T>(
  database: Database,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  const em = database.em();
  let reason: { error: unknown } | undefined;
  try {
    return await em
      .getConnection()
      .getClient()
      .transaction()
      .execute(async (connection) => {
        em.setTransactionContext(connection);
        try {
          return await work(em);
        } catch (error) {
          reason = { error };
          throw error;
        }
      });
  } catch (error) {
    // When the rollback failed too, that is not what anybody wants to know.
    throw reason ? reason.error : error;
  }
}

const isSqlState = (code: string) => /^[0-9A-Z]{5}$/.test(code);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
