import type { PageAsked, Search, Value } from './engine.ts';

type Time = (at: string | null) => Value;

/** The search from a position in the list on; all of it where there is none. */
export function beyond(
  search: Search,
  { order, after }: Pick<PageAsked, 'order' | 'after'>,
  time: Time,
): Search {
  if (!after) return search;
  const { order: o, conditions, values } = search;
  // As rows: written as "or", it would be a filter over the whole index.
  const condition = `(${o}.started_at, ${o}.event_id) ${order === 'asc' ? '>' : '<'} (?, ?)`;
  return {
    ...search,
    conditions: [...conditions, condition],
    values: [...values, time(after.started_at), after.event_id],
  };
}

/** The statement for the first rows of what a search finds. */
export function firstOf(
  { from, order: o, conditions, values }: Search,
  order: 'asc' | 'desc',
  limit: number,
  columns: string,
): { sql: string; values: Value[] } {
  const sql = `SELECT ${columns} FROM ${from} WHERE ${conditions.join(' AND ')}
    ORDER BY ${o}.started_at ${order}, ${o}.event_id ${order} LIMIT ?`;
  return { sql, values: [...values, limit] };
}
