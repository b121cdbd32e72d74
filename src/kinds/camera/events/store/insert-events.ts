import { DatabaseWriteError } from '../../../../domain/errors.ts';
import { checkNew, checkOfBox } from '../checks/given-event.ts';
import type { NewEvent } from '../event.ts';
import type { BatchOutcome, StoredEvent } from '../event-store.ts';
import type { Engine } from './engine.ts';
import { eventOf } from './stored-row.ts';

export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Longer than this, an insert is logged with its time. */
const slowMs = 10;
/** Of so many duplicates in a batch each has a line of the log; of the others their number is enough. */
const mostTold = 100;

export async function insertEvent(
  engine: Engine,
  log: StoreLog,
  owner: string,
  value: NewEvent,
): Promise<boolean> {
  const event = checkNew(value, owner, new Date());
  const added = await insertAll(engine, log, owner, [event]);
  if (added.has(event.event_id)) return true;
  // That it was there is known, also where this fails.
  const [row] = await engine
    .rows(
      `SELECT ${engine.eventColumns}, e.removing_at IS NOT NULL AS is_removed FROM events AS e
        WHERE e.owner = ? AND e.event_id = ?`,
      [owner, event.event_id],
    )
    .catch(() => []);
  if (row?.is_removed)
    throw new DatabaseWriteError(
      `The event ${event.event_id} was not stored: one of this id is being removed. Try again when it is gone.`,
    );
  tellDuplicate(log, event, row && eventOf(row));
  return false;
}

export async function insertEvents(
  engine: Engine,
  log: StoreLog,
  owner: string,
  values: readonly unknown[],
): Promise<BatchOutcome> {
  const now = new Date();
  const failed: BatchOutcome['failed'] = [];
  const first = new Map<string, StoredEvent>();
  const duplicates: StoredEvent[] = [];
  for (const [index, value] of values.entries()) {
    const checked = checkOfBox(value, owner, now);
    if (!('event' in checked)) failed.push({ index, reason: checked.reason });
    else if (first.has(checked.event.event_id)) duplicates.push(checked.event);
    else first.set(checked.event.event_id, checked.event);
  }
  const events = [...first.values()];
  const added =
    events.length > 0 ? await insertAll(engine, log, owner, events) : (new Set() as ReadonlySet<string>);
  duplicates.push(...events.filter(({ event_id }) => !added.has(event_id)));
  for (const event of duplicates.slice(0, mostTold)) tellDuplicate(log, event);
  if (duplicates.length > mostTold)
    log.warn(
      { duplicates: duplicates.length - mostTold },
      'As many more events of the batch were there already',
    );
  return { inserted: added.size, duplicates: duplicates.length, failed };
}

async function insertAll(
  engine: Engine,
  log: StoreLog,
  owner: string,
  events: readonly StoredEvent[],
): Promise<ReadonlySet<string>> {
  const began = performance.now();
  const what = events.length === 1 ? `event ${events[0]?.event_id}` : `${events.length} events`;
  // In the order of their ids: two batches that hold the same ones then wait for each other in turn, not in a circle.
  const ordered = [...events].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
  try {
    return await engine.insert(what, owner, ordered);
  } finally {
    const ms = performance.now() - began;
    if (ms > slowMs) log.info({ events: events.length, ms: Math.round(ms) }, 'Inserting events took long');
  }
}

/** @param there the event of that id, where it was looked up: it tells a second try from another event */
function tellDuplicate(
  log: StoreLog,
  { event_id, camera_id, started_at, job_id }: StoredEvent,
  there?: StoredEvent,
) {
  const known = there && {
    there: { camera_id: there.camera_id, started_at: there.started_at, job_id: there.job_id },
  };
  log.warn(
    { event_id, camera_id, started_at, job_id, ...known },
    'The event was there already: nothing of it was changed',
  );
}
