import { setImmediate } from 'node:timers/promises';
import type { StoredEvent } from '../event-store.ts';
import { ensureCameras } from '../store/cameras.ts';
import type { Engine, Session, Value } from '../store/engine.ts';
import { beyond, firstOf } from '../store/page.ts';
import { columnsOf } from '../store/stored-row.ts';
import { changedSince, now } from './changes.ts';
import { SqliteFile } from './file.ts';
import { search } from './search.ts';
import { eventColumns, termsOf, time } from './values.ts';

/** A file on a camera's box that stands alone. */
export function sqliteEngine(path: string): Engine {
  const file = new SqliteFile(path);
  const read: Session['rows'] = (sql, values) => file.rows(sql, values);
  const json = (value: unknown): Value => JSON.stringify(value);
  const engine: Engine = {
    rows: read,
    write: (what, work) => file.write(what, work),
    eventColumns,
    cameraColumns: 'c.*',
    recordingColumns: 'r.*',
    time,
    json,
    list: json,
    flag: Number,
    derived: (event) => ({ terms: json(termsOf(event)) }),
    touch: 'change = (SELECT value FROM change_counter)',
    forUpdate: '',
    forShare: '',
    search: (owner, filter, at) => search(read, owner, filter, at),
    async find(page) {
      const found = await search(read, page.owner, page.filter, new Date());
      const { sql, values } = firstOf(beyond(found, page, time), page.order, page.limit, eventColumns);
      return read(sql, values);
    },
    insert: (what, owner, events) =>
      file.write(what, async (tx) => {
        const cameras = new Set(events.map(({ camera_id }) => camera_id));
        await ensureCameras(engine, tx, owner, [...cameras]);
        return insert(engine, tx, owner, events);
      }),
    quarter: 'CAST(floor(e.started_at / 900000.0) AS INTEGER)',
    eachLabel: 'LEFT JOIN json_each(e.labels) AS l',
    bound: 'SELECT value FROM json_each(?)',
    now: () => now(read),
    changedSince: (owner, point, limit) => changedSince(read, owner, point, limit),
    ping: async () => {
      await read('SELECT 1 FROM change_counter');
    },
    close: () => file.close(),
  };
  return engine;
}

/** Of so many rows the process does nothing else. */
const atOnce = 200;

/** Row by row: within a transaction a prepared statement costs next to nothing. */
async function insert(
  engine: Engine,
  tx: Session,
  owner: string,
  events: readonly StoredEvent[],
): Promise<ReadonlySet<string>> {
  const added = new Set<string>();
  for (const [n, event] of events.entries()) {
    const columns = columnsOf(engine, event);
    const names = Object.keys(columns);
    const sql = `INSERT INTO events (owner, ${names.join(', ')}, change)
      VALUES (?, ${names.map(() => '?').join(', ')}, (SELECT value FROM change_counter))
      ON CONFLICT (owner, event_id) DO NOTHING`;
    if ((await tx.run(sql, [owner, ...Object.values(columns)])) > 0) added.add(event.event_id);
    if (n % atOnce === atOnce - 1) await setImmediate();
  }
  return added;
}
