import type { Database } from '../../../../database/database.ts';
import { inTransaction } from '../../../../database/transaction.ts';
import { isDatabaseAway } from '../../../../database/what-failed.ts';
import { DatabaseWriteError } from '../../../../domain/errors.ts';
import type { Engine, Session } from '../store/engine.ts';
import { wordsOfEvent } from '../words.ts';
import { sessionOf } from './bound.ts';
import { changedSince, now } from './changes.ts';
import { hasCommitted } from './has-committed.ts';
import { insert } from './insert.ts';
import { search } from './search.ts';
import { cameraColumns, eventColumns, recordingColumns, time } from './values.ts';

/** The service's own database, or another of PostgreSQL's; who opened it closes it. */
export function postgresEngine(database: Database, close: () => Promise<void>): Engine {
  const read: Session['rows'] = (sql, values) => sessionOf(database.em()).rows(sql, values);
  /** The transactions in which rows were added, by the session that added them. */
  const transactions = new WeakMap<Session, string>();

  async function write<T>(what: string, work: (tx: Session) => Promise<T>): Promise<T> {
    let done: { result: T; transaction: string | undefined } | undefined;
    try {
      return await inTransaction(database, what, async (em) => {
        done = undefined;
        const tx = sessionOf(em);
        const result = await work(tx);
        done = { result, transaction: transactions.get(tx) };
        return result;
      });
    } catch (error) {
      // Lost while it was committing: said to have failed, it would be tried again and be a duplicate of itself.
      if (error instanceof DatabaseWriteError && isDatabaseAway(error) && done?.transaction !== undefined)
        if (await hasCommitted(read, done.transaction)) return done.result;
      throw error;
    }
  }

  const engine: Engine = {
    rows: read,
    write,
    eventColumns,
    cameraColumns,
    recordingColumns,
    time,
    json: JSON.stringify,
    list: (texts) => texts,
    flag: (value) => value,
    derived: (event) => ({ words: wordsOfEvent(event).join(' ') }),
    touch: 'changed_in = pg_current_xact_id()',
    forUpdate: 'FOR UPDATE',
    forShare: 'FOR KEY SHARE',
    search,
    async insert(tx, owner, events) {
      const { ids, transaction } = await insert(engine, tx, owner, events);
      if (transaction !== null) transactions.set(tx, transaction);
      return ids;
    },
    quarter: 'floor(extract(epoch FROM e.started_at) / 900)::int',
    eachLabel: 'LEFT JOIN LATERAL unnest(e.labels) AS l (value) ON true',
    cutoff: '(?::timestamptz - make_interval(hours => 24 * coalesce(c.retention_days, ?::int)))',
    bound: 'SELECT unnest(?::text[])',
    now: () => now(read),
    changedSince: (owner, point, limit) => changedSince(read, owner, point, limit),
    ping: () => database.ping(),
    close,
  };
  return engine;
}
