import type { EventFilter } from '../event-store.ts';
import type { Value } from './engine.ts';

/**
 * Conditions that both engines check alike, row by row or by an index of a plain column.
 * @param order alias of the table whose `owner` and `started_at` are looked at
 */
export function shared(
  owner: string,
  filter: EventFilter,
  now: Date,
  time: (at: string | null) => Value,
  order = 'e',
): { conditions: string[]; values: Value[] } {
  const conditions = [`${order}.owner = ?`];
  const values: Value[] = [owner];
  const must = (condition: string, ...bound: Value[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  const { after, before, min_confidence, min_duration, reviewed, ended } = filter;
  if (after) must(`${order}.started_at > ?`, time(after.toISOString()));
  if (before) must(`${order}.started_at < ?`, time(before.toISOString()));
  if (min_confidence !== undefined) must('e.motion_confidence >= ?', min_confidence);
  if (min_duration !== undefined) {
    // One that is open lasts for ever in the column, so that its index finds both.
    const since = new Date(now.getTime() - min_duration * 1000).toISOString();
    must('e.duration_ms >= ?', min_duration * 1000);
    must('(e.ended_at IS NOT NULL OR e.started_at <= ?)', time(since));
  }
  if (reviewed !== undefined) must(`e.reviewed_at IS ${reviewed ? 'NOT ' : ''}NULL`);
  if (ended !== undefined) must(`e.ended_at IS ${ended ? 'NOT ' : ''}NULL`);
  return { conditions, values };
}
