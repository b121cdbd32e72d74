import type { EventFilter } from '../event-store.ts';
import type { Search, Value } from '../store/engine.ts';
import { openSince, shared } from '../store/filter.ts';
import { wordsAsked } from '../words.ts';
import { time } from './values.ts';

export function search(owner: string, filter: EventFilter, now: Date): Search {
  const { conditions, values } = shared(owner, filter, time);
  const must = (condition: string, ...bound: Value[]) => {
    conditions.push(condition);
    values.push(...bound);
  };
  const { camera_id, label, zone, q, min_duration } = filter;
  if (camera_id !== undefined) must('e.camera_id = ?', camera_id);
  if (label !== undefined) must('e.labels @> ?::text[]', [label]);
  if (zone !== undefined) must('e.zones @> ?::text[]', [zone]);
  // Words have neither quotes nor anything else that a query could mean.
  const quoted = q === undefined ? [] : wordsAsked(q).map((word) => `'${word}'`);
  if (q !== undefined) must('e.search @@ ?::tsquery', quoted.join(' & '));
  if (min_duration !== undefined) {
    const since = time(openSince(min_duration, now));
    must('(e.duration_ms >= ? OR (e.ended_at IS NULL AND e.started_at <= ?))', min_duration * 1000, since);
  }
  return { from: 'events AS e', order: 'e', conditions, values };
}
