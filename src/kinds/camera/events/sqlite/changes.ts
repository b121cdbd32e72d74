import type { ChangePoint } from '../event-store.ts';
import { readPoint } from '../store/changes.ts';
import type { Changes, Session } from '../store/engine.ts';
import { eventColumns } from './values.ts';

/** After every id that there can be. */
const afterAll = '~';

export async function now(read: Session['rows']): Promise<ChangePoint> {
  const [row] = await read('SELECT value FROM change_counter');
  return JSON.stringify([row?.value, afterAll]);
}

export async function changedSince(
  read: Session['rows'],
  owner: string,
  point: ChangePoint,
  limit: number,
): Promise<Changes> {
  const [change, eventId] = parsePoint(point);
  const rows = await read(
    `SELECT ${eventColumns}, e.change FROM events AS e INDEXED BY events_by_change
      WHERE e.owner = ? AND (e.change, e.event_id) > (?, ?) AND e.removing_at IS NULL
      ORDER BY e.change, e.event_id LIMIT ?`,
    [owner, change, eventId, limit],
  );
  const last = rows.at(-1);
  if (!last) {
    const here = await now(read);
    // A point of what this file was before an older copy was put in its place.
    if (change > parsePoint(here)[0]) return { rows, next: here };
  }
  return { rows, next: last ? JSON.stringify([last.change, last.event_id]) : point };
}

function parsePoint(point: ChangePoint): readonly [change: number, eventId: string] {
  return readPoint(point, (fields) => {
    if (!Array.isArray(fields) || fields.length !== 2) return undefined;
    const [change, eventId] = fields as unknown[];
    return Number.isSafeInteger(change) && typeof eventId === 'string'
      ? ([change as number, eventId] as const)
      : undefined;
  });
}
