import type { ChangePoint } from '../event-store.ts';
import type { Changes, Session } from '../store/engine.ts';
import { parsePoint, writePoint } from './points.ts';
import { eventColumns } from './values.ts';

/**
 * Changes are told apart by snapshots, not by time or number: a transaction that began earlier may be committed later, and
 * whoever goes by the highest number so far never hears of it.
 */
export async function now(read: Session['rows']): Promise<ChangePoint> {
  const [row] = await read('SELECT pg_current_snapshot()::text AS seen');
  return writePoint({ seen: row?.seen as string });
}

export async function changedSince(
  read: Session['rows'],
  owner: string,
  point: ChangePoint,
  limit: number,
): Promise<Changes> {
  const { seen, until, after } = parsePoint(point);
  // The snapshot of this very statement is what the rows are seen by. A row that another server wrote, before it was dumped
  // and restored here, has a number of that server's, which this one may reach one day; the row's own `xmin` is of here.
  const found = await read(
    `WITH point AS MATERIALIZED (
       SELECT pg_current_snapshot() AS now, coalesce(?::pg_snapshot, pg_current_snapshot()) AS until)
     SELECT point.now::text AS now, point.until::text AS until, e.* FROM point LEFT JOIN LATERAL (
       SELECT ${eventColumns}, e.changed_in::text AS changed_in FROM events AS e
        WHERE e.owner = ? AND (e.changed_in, e.event_id) > (?::xid8, ?)
          AND e.changed_in < pg_snapshot_xmax(point.until) AND e.removing_at IS NULL
          AND e.changed_in::text::bigint % 4294967296 = e.xmin::text::bigint
          AND NOT pg_visible_in_snapshot(e.changed_in, ?::pg_snapshot)
          AND pg_visible_in_snapshot(e.changed_in, point.until)
        ORDER BY e.changed_in, e.event_id LIMIT ?) AS e ON true
     ORDER BY e.changed_in::xid8, e.event_id`,
    [
      until ?? null,
      owner,
      // Everything before the oldest that was in progress has been seen.
      ...(after ?? [String(BigInt(seen.split(':', 1)[0] as string) - 1n), '']),
      seen,
      limit,
    ],
  );
  const now = found[0]?.now as string;
  // A point of that other server's: what it has not had, nobody knows.
  if ([seen, until ?? seen].some((snapshot) => xmax(snapshot) > xmax(now)))
    return { rows: [], next: writePoint({ seen: now }) };
  const rows = found.filter(({ event_id }) => event_id !== null);
  const upTo = found[0]?.until as string;
  const last = rows.at(-1);
  const next =
    rows.length < limit || !last
      ? { seen: upTo }
      : { seen, until: upTo, after: [last.changed_in as string, last.event_id as string] as const };
  return { rows, next: writePoint(next) };
}

/** The first transaction that a snapshot knows nothing of. */
const xmax = (snapshot: string) => BigInt(snapshot.split(':', 2)[1] as string);
