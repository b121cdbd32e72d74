import type { EventFilter } from '../event-store.ts';
import type { Value } from './engine.ts';

/**
 * Conditions that both engines check alike, row by row or by an index of a plain column.
 * @param order alias of the table whose `owner` and `started_at` are looked at
 */
export function shared(
  owner: string,
  filter: EventFilter,
  time: (at: string | null) => Value,
  order = 'e',
): { conditions: string[]; values: Value[] } {
  // What is being removed is nobody's any more.
  const conditions = [`${order}.owner = ?`, 'e.removing_at IS NULL'];
  const values: Value[] = [owner];
  const must = (condition: string, ...bound: Value[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  const { after, before, min_confidence, reviewed, ended } = filter;
  if (after) must(`${order}.started_at > ?`, time(after.toISOString()));
  if (before) must(`${order}.started_at < ?`, time(before.toISOString()));
  if (min_confidence !== undefined) must('e.motion_confidence >= ?', min_confidence);
  if (reviewed !== undefined) must(`e.reviewed_at IS ${reviewed ? 'NOT ' : ''}NULL`);
  if (ended !== undefined) must(`e.ended_at IS ${ended ? 'NOT ' : ''}NULL`);
  return { conditions, values };
}

/** One that is open has lasted until now: those that began before this have lasted long enough. */
export const openSince = (min_duration: number, now: Date) =>
  new Date(now.getTime() - min_duration * 1000).toISOString();
