import { decodeCursor, encodeCursor, type Position } from '../cursor.ts';
import type { EventFilter, EventPage, StoredEvent } from '../event-store.ts';
import type { Engine } from './engine.ts';
import { eventOf } from './stored-row.ts';

/** Read at once by whatever goes through all of them. */
const chunk = 500;

export async function listEvents(
  engine: Engine,
  owner: string,
  filter: EventFilter,
  { limit, cursor, order = 'desc' }: { limit: number; cursor?: string; order?: 'asc' | 'desc' },
): Promise<EventPage> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  // One more than the page holds: it tells that there is a next page.
  const events = await read(engine, owner, filter, order, after, limit + 1);
  const items = events.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: events.length > limit && last ? encodeCursor(last) : null };
}

export async function* eachEvent(
  engine: Engine,
  owner: string,
  filter: EventFilter,
): AsyncIterable<StoredEvent> {
  let after: Position | undefined;
  for (;;) {
    const events = await read(engine, owner, filter, 'asc', after, chunk);
    yield* events;
    after = events.at(-1);
    if (!after || events.length < chunk) return;
  }
}

async function read(
  engine: Engine,
  owner: string,
  filter: EventFilter,
  order: 'asc' | 'desc',
  after: Position | undefined,
  limit: number,
): Promise<StoredEvent[]> {
  const { from, order: o, conditions, values } = await engine.search(owner, filter, new Date());
  if (after) {
    // As rows: written as "or", it would be a filter over the whole index.
    conditions.push(`(${o}.started_at, ${o}.event_id) ${order === 'asc' ? '>' : '<'} (?, ?)`);
    values.push(engine.time(after.started_at), after.event_id);
  }
  const rows = await engine.rows(
    `SELECT ${engine.eventColumns} FROM ${from} WHERE ${conditions.join(' AND ')}
      ORDER BY ${o}.started_at ${order}, ${o}.event_id ${order} LIMIT ?`,
    [...values, limit],
  );
  return rows.map(eventOf);
}
