import type { Database } from '../../../../database/database.ts';
import { inTransaction } from '../../../../database/transaction.ts';
import type { Engine, Session } from '../store/engine.ts';
import { wordsOfEvent } from '../words.ts';
import { sessionOf } from './bound.ts';
import { changedSince, now } from './changes.ts';
import { find } from './find.ts';
import { insert } from './insert.ts';
import { search } from './search.ts';
import { cameraColumns, eventColumns, recordingColumns, time } from './values.ts';

/** The service's own database, or another of PostgreSQL's; who opened it closes it. */
export function postgresEngine(database: Database, close: () => Promise<void>): Engine {
  const read: Session['rows'] = (sql, values) => sessionOf(database.em()).rows(sql, values);
  const engine: Engine = {
    rows: read,
    write: (what, work) => inTransaction(database, what, (em) => work(sessionOf(em))),
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
    search: async (owner, filter, at) => search(owner, filter, at),
    find: (page) => find(read, page),
    insert: (what, owner, events) => insert(database, engine, what, owner, events),
    quarter: 'floor(extract(epoch FROM e.started_at) / 900)::int',
    eachLabel: 'LEFT JOIN LATERAL unnest(e.labels) AS l (value) ON true',
    bound: 'SELECT unnest(?::text[])',
    now: () => now(read),
    changedSince: (owner, point, limit) => changedSince(read, owner, point, limit),
    ping: () => database.ping(),
    close,
  };
  return engine;
}
