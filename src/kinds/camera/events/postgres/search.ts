import type { EventFilter } from '../event-store.ts';
import type { Search } from '../store/engine.ts';
import { openSince, shared } from '../store/filter.ts';
import { wordsAsked } from '../words.ts';
import { time } from './values.ts';

export async function search(owner: string, filter: EventFilter, now: Date): Promise<Search> {
  const { conditions, values } = shared(owner, filter, time);
  const must = (condition: string, value: string | string[]) => {
    conditions.push(condition);
    values.push(value);
  };
  if (filter.camera_id !== undefined) must('e.camera_id = ?', filter.camera_id);
  if (filter.label !== undefined) must('e.labels @> ?::text[]', [filter.label]);
  if (filter.zone !== undefined) must('e.zones @> ?::text[]', [filter.zone]);
  // Words have neither quotes nor anything else that a query could mean.
  if (filter.q !== undefined)
    must(
      'e.search @@ ?::tsquery',
      wordsAsked(filter.q)
        .map((word) => `'${word}'`)
        .join(' & '),
    );
  const { min_duration } = filter;
  if (min_duration === undefined) return { from: 'events AS e', order: 'e', conditions, values };
  // Two tables for the planner, each with its index; with "or" it would read all of one.
  const from = `(SELECT * FROM events WHERE duration_ms >= ?
    UNION ALL SELECT * FROM events WHERE ended_at IS NULL AND started_at <= ?::timestamptz) AS e`;
  const bound = [min_duration * 1000, time(openSince(min_duration, now))];
  return { from, order: 'e', conditions, values: [...bound, ...values] };
}
