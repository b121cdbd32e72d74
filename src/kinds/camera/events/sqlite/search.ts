import type { EventFilter } from '../event-store.ts';
import type { Search, Session, Value } from '../store/engine.ts';
import { openSince, shared } from '../store/filter.ts';
import { wordsAsked } from '../words.ts';
import { terms, time } from './values.ts';

/** Fewer rows than this are read and sorted; more are read in order until the page is full. */
const few = 2000;

/** A way to the events of a filter: so many it leads past, at most `few`. */
interface Way {
  index: string;
  count: string;
  values: Value[];
}

/**
 * SQLite chooses between indexes by what `ANALYZE` last saw, which on a camera's box nobody runs. So it is told: the way
 * past the fewest rows, counted up to a bound, and else one that is in the order of the list.
 */
export async function search(
  read: Session['rows'],
  owner: string,
  filter: EventFilter,
  now: Date,
): Promise<Search> {
  const asked = termsAsked(filter);
  const counted = async ({ count, values }: Way) => {
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM ${count} LIMIT ${few})`;
    const [row] = await read(sql, [owner, ...values]);
    return row?.n as number;
  };
  const ways: Way[] = [
    ...asked.map((term) => ({
      index: 'terms',
      count: 'event_terms WHERE owner = ? AND term = ?',
      values: [term],
    })),
    ...plainWays(filter),
  ];
  let best: { way: Way; rows: number } | undefined;
  for (const way of ways) {
    const rows = await counted(way);
    if (rows < (best?.rows ?? few)) best = { way, rows };
  }
  const first = best?.way ?? ways.find(({ index }) => index === 'terms');
  if (first?.index === 'terms') return byTerms(owner, filter, now, first.values[0] as string, asked);
  return byIndex(owner, filter, now, first?.index ?? inOrder(filter), asked);
}

/** Those of a camera have an index of their own in `events`; beside others it is a term like them. */
function termsAsked({ camera_id, label, zone, q }: EventFilter): string[] {
  const asked = [
    ...(label === undefined ? [] : [terms.label(label)]),
    ...(zone === undefined ? [] : [terms.zone(zone)]),
    ...(q === undefined ? [] : wordsAsked(q).map(terms.word)),
  ];
  return camera_id === undefined || asked.length === 0 ? asked : [...asked, terms.camera(camera_id)];
}

function plainWays({ min_confidence, min_duration }: EventFilter): Way[] {
  const way = (index: string, column: string, least: number): Way => ({
    index,
    count: `events INDEXED BY ${index} WHERE owner = ? AND ${column} >= ?`,
    values: [least],
  });
  return [
    ...(min_confidence === undefined
      ? []
      : [way('events_by_confidence', 'motion_confidence', min_confidence)]),
    ...(min_duration === undefined ? [] : [way('events_by_duration', 'duration_ms', min_duration * 1000)]),
  ];
}

function inOrder({ camera_id, reviewed, ended }: EventFilter): string {
  if (ended === false) return 'events_open';
  if (camera_id !== undefined) return 'events_by_camera';
  if (reviewed !== undefined) return reviewed ? 'events_reviewed' : 'events_unreviewed';
  return 'events_by_time';
}

function byTerms(owner: string, filter: EventFilter, now: Date, first: string, asked: string[]): Search {
  const { conditions, values } = conditionsOf(owner, filter, now, 't');
  const others = asked.filter((term) => term !== first);
  return {
    from: 'event_terms AS t CROSS JOIN events AS e ON e.owner = t.owner AND e.event_id = t.event_id',
    order: 't',
    conditions: ['t.term = ?', ...others.map(() => has('t')), ...conditions],
    values: [first, ...others, ...values],
  };
}

function byIndex(owner: string, filter: EventFilter, now: Date, index: string, asked: string[]): Search {
  const { conditions, values } = conditionsOf(owner, filter, now, 'e');
  const camera = filter.camera_id === undefined ? [] : [filter.camera_id];
  return {
    from: `events AS e INDEXED BY ${index}`,
    order: 'e',
    conditions: [...camera.map(() => 'e.camera_id = ?'), ...asked.map(() => has('e')), ...conditions],
    values: [...camera, ...asked, ...values],
  };
}

function conditionsOf(owner: string, filter: EventFilter, now: Date, order: string) {
  const { conditions, values } = shared(owner, filter, time, order);
  const { min_duration } = filter;
  if (min_duration !== undefined) {
    // One that is open lasts for ever in the column, so that its index finds both.
    conditions.push('e.duration_ms >= ?', '(e.ended_at IS NOT NULL OR e.started_at <= ?)');
    values.push(min_duration * 1000, time(openSince(min_duration, now)));
  }
  return { conditions, values };
}

const has = (alias: string) =>
  `EXISTS (SELECT 1 FROM event_terms AS x WHERE x.owner = ${alias}.owner AND x.term = ?
     AND x.started_at = ${alias}.started_at AND x.event_id = ${alias}.event_id)`;
