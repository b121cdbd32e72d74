import type { EventFilter } from '../event-store.ts';
import type { Search } from '../store/engine.ts';
import { shared } from '../store/filter.ts';
import { wordsAsked } from '../words.ts';
import { time } from './values.ts';

export async function search(owner: string, filter: EventFilter, now: Date): Promise<Search> {
  const { conditions, values } = shared(owner, filter, now, time);
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
  return { from: 'events AS e', order: 'e', conditions, values };
}
