import type { EntityManager } from '@mikro-orm/postgresql';
import type { Session, Value } from '../store/engine.ts';

/**
 * Statements whose values are bound. `em.execute` writes values into the statement; what people send is to be in none,
 * however well it is quoted.
 */
export function sessionOf(em: EntityManager): Session {
  const client = em.getTransactionContext() ?? em.getConnection().getClient();
  const execute = (text: string, values: readonly Value[] = []) => {
    let n = 0;
    const sql = text.replace(/\?/g, () => `$${++n}`);
    const query = { kind: 'RawNode', sqlFragments: [sql], parameters: [] } as const;
    return client.executeQuery({ sql, parameters: values, query, queryId: { queryId: 'bound' } });
  };
  return {
    rows: async (sql, values) => (await execute(sql, values)).rows as Record<string, unknown>[],
    run: async (sql, values) => Number((await execute(sql, values)).numAffectedRows ?? 0),
  };
}
