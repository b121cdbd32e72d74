import type { EventFilter } from '../event-store.ts';
import type { PageAsked, Row, Search, Session, Value } from '../store/engine.ts';
import { beyond, firstOf } from '../store/page.ts';
import { timeOf } from '../store/stored-row.ts';
import { search } from './search.ts';
import { eventColumns, time } from './values.ts';

/** So many events of the list are gone through first, whatever is asked. */
const near = 1000;
/** Where the page should be full after so many more, they are gone through too. */
const fewEnough = 5000;
/** And after so many, indexes say which of them. Beyond, what is wanted is so rare that its index finds it among all. */
const far = 35_000;
/** More than the rest would take were it as dense as before: better than another window. */
const margin = 1.3;

/**
 * What many events have is found by going through the list until the page is full, and what few have by its index. In
 * between, one in a hundred or a thousand, both are slow: thousands of events are fetched, of which fifty are wanted. So
 * the list is cut into windows, each as long as the page seems to need. Within a long one PostgreSQL fetches only what is
 * both in it and in the other index. They are counted in events, since neither statistics nor the hours before tell how
 * many there are in a time.
 */
export async function find(read: Session['rows'], page: PageAsked): Promise<Row[]> {
  const { order, limit } = page;
  const ask = (found: Search, rows: number) => {
    const { sql, values } = firstOf(found, order, rows, eventColumns);
    return read(sql, values);
  };
  const wanted = beyond(search(page.owner, page.filter, new Date()), page, time);
  if (!isSelective(page.filter)) return ask(wanted, limit);
  const list = beyond(search(page.owner, withoutSelection(page.filter), new Date()), page, time);
  const rows: Row[] = [];
  let from: number | undefined;
  let length = near;
  let looked = 0;
  for (;;) {
    const to = length > far ? undefined : await timeOfEvent(read, cut(list, order, { from }), order, length);
    const window = { from, to };
    const found =
      length <= fewEnough
        ? inTurn(cut(list, order, window), wanted, order)
        : byIndexes(cut(wanted, order, window));
    rows.push(...(await ask(found, limit - rows.length)));
    if (rows.length >= limit || to === undefined) return rows;
    looked += length;
    from = to;
    const each = rows.length === 0 ? Number.POSITIVE_INFINITY : looked / rows.length;
    length = Math.max(near, Math.ceil(margin * each * (limit - rows.length)));
  }
}

/** Milliseconds since 1970: `from` is where the window before ended, `to` is inside; undefined is without an end. */
interface Window {
  from: number | undefined;
  to?: number | undefined;
}

/** When the event began that has so many before it in a list; undefined where the list is not as long. */
async function timeOfEvent(
  read: Session['rows'],
  list: Search,
  order: 'asc' | 'desc',
  before: number,
): Promise<number | undefined> {
  const { sql, values } = firstOf(list, order, 1, 'e.started_at');
  const [row] = await read(
    `SELECT (extract(epoch FROM e.started_at) * 1000)::float8 AS at FROM (${sql} OFFSET ${before}) AS e`,
    values,
  );
  return row?.at as number | undefined;
}

/** Whether it may leave out most of a camera's, or a user's, events. */
const isSelective = ({ label, zone, q, min_confidence, min_duration }: EventFilter) =>
  [label, zone, q, min_confidence, min_duration].some((asked) => asked !== undefined);

const withoutSelection = ({ camera_id, after, before, reviewed, ended }: EventFilter): EventFilter => ({
  ...(camera_id !== undefined && { camera_id }),
  ...(after && { after }),
  ...(before && { before }),
  ...(reviewed !== undefined && { reviewed }),
  ...(ended !== undefined && { ended }),
});

/** A list as far as a window goes, looked through in its order. `OFFSET 0` keeps the planner from its own ideas. */
function inTurn(list: Search, wanted: Search, order: 'asc' | 'desc'): Search {
  return {
    ...wanted,
    from: `(SELECT e.* FROM ${list.from} WHERE ${list.conditions.join(' AND ')}
      ORDER BY e.started_at ${order}, e.event_id ${order} OFFSET 0) AS e`,
    values: [...list.values, ...wanted.values],
  };
}

/** All that is wanted within a window, without regard to order, by whatever indexes the planner likes. */
function byIndexes({ from, conditions, values }: Search): Search {
  return {
    from: `(SELECT e.* FROM ${from} WHERE ${conditions.join(' AND ')} OFFSET 0) AS e`,
    order: 'e',
    conditions: ['true'],
    values,
  };
}

function cut(search: Search, order: 'asc' | 'desc', { from, to }: Window): Search {
  const [after, upTo] = order === 'desc' ? ['<', '>='] : ['>', '<='];
  const bounds: [string, Value][] = [];
  if (from !== undefined) bounds.push([`e.started_at ${after} ?`, timeOf(from)]);
  if (to !== undefined) bounds.push([`e.started_at ${upTo} ?`, timeOf(to)]);
  return {
    ...search,
    conditions: [...search.conditions, ...bounds.map(([condition]) => condition)],
    values: [...search.values, ...bounds.map(([, value]) => value)],
  };
}
