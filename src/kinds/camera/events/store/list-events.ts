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
  const events = (await engine.find({ owner, filter, order, after, limit: limit + 1 })).map(eventOf);
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
    const events = (await engine.find({ owner, filter, order: 'asc', after, limit: chunk })).map(eventOf);
    yield* events;
    after = events.at(-1);
    if (!after || events.length < chunk) return;
  }
}
