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
/** Where no more than these are expected in all the rest, they are fetched at once. */
const fewLeft = 1500;
/** The next window is so much longer at least, and at most. */
const least = 2;
const most = 16;
/** More than the rest would take were it as dense as before: better than another window. */
const margin = 1.3;

/**
 * What many events have is found by going through the list until the page is full, and what few have by its index. In
 * between, one in a hundred or a thousand, both are slow: thousands of events are fetched, of which fifty are wanted. So
 * the list is cut by time into windows, each as long as the page seems to need. Within a long one PostgreSQL fetches only
 * what is both in it and in the other index.
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
  const scope = await scopeOf(read, list, order);
  if (!scope) return ask(wanted, limit);
  const rows: Row[] = [];
  let window: Window = { from: undefined, to: scope.near };
  /** Of the window, in time, and in events were they as dense as at first. */
  let width = Math.abs(scope.near - scope.first);
  let length = near;
  const perEvent = width / near;
  let expected = near;
  for (;;) {
    const found =
      expected <= fewEnough
        ? inTurn(cut(list, order, window), wanted, order)
        : byIndexes(cut(wanted, order, window));
    const more = await ask(found, limit - rows.length);
    rows.push(...more);
    if (rows.length >= limit || window.to === undefined) return rows;
    const needed = more.length === 0 ? most : (margin * (limit - rows.length)) / more.length;
    const growth = Math.min(Math.max(needed, least), most);
    const left = Math.abs(scope.last - window.to) / perEvent;
    const wantedLeft = ((more.length + 1) / length) * left;
    expected = length * needed;
    length *= growth;
    width *= growth;
    const isLast = wantedLeft <= fewLeft || length >= left;
    const end = order === 'desc' ? window.to - width : window.to + width;
    window = { from: window.to, to: isLast ? undefined : end };
  }
}

/** Milliseconds since 1970: `from` is where the window before ended, `to` is inside; undefined is without an end. */
interface Window {
  from: number | undefined;
  to: number | undefined;
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

/** Where the list begins and ends, and the first thousands of it; undefined for fewer. */
async function scopeOf(read: Session['rows'], list: Search, order: 'asc' | 'desc') {
  const first = firstOf(list, order, 1, 'e.started_at');
  const last = firstOf(list, order === 'asc' ? 'desc' : 'asc', 1, 'e.started_at');
  const ms = (sql: string) => `(extract(epoch FROM (${sql})) * 1000)::float8`;
  const [row] = await read(
    `SELECT ${ms(first.sql)} AS first, ${ms(`${first.sql} OFFSET ${near}`)} AS near, ${ms(last.sql)} AS last`,
    [...first.values, ...first.values, ...last.values],
  );
  return typeof row?.near === 'number'
    ? { first: row.first as number, near: row.near, last: row.last as number }
    : undefined;
}

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
