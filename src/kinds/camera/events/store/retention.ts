import type { StoredEvent } from '../event-store.ts';
import type { Engine } from './engine.ts';
import { eventOf } from './stored-row.ts';

const chunk = 1000;

/** Camera by camera: those of all, in one order, would be sorted for every chunk anew. */
export async function expiredEvents(
  engine: Engine,
  usualDays: number,
  now: Date,
  limit: number,
): Promise<StoredEvent[]> {
  const cameras = await engine.rows(
    'SELECT c.owner, c.camera_id, c.retention_days FROM cameras AS c ORDER BY 1, 2',
  );
  const found: StoredEvent[] = [];
  for (const { owner, camera_id, retention_days } of cameras) {
    const days = (retention_days as number | null) ?? usualDays;
    const cutoff = engine.time(new Date(now.getTime() - days * 86_400_000).toISOString());
    const rows = await engine.rows(
      `SELECT ${engine.eventColumns} FROM events AS e
        WHERE e.owner = ? AND e.camera_id = ? AND e.started_at < ? AND NOT e.keep
          AND (e.ended_at < ? OR (e.ended_at IS NULL AND e.job_id IS NULL))
        ORDER BY e.started_at, e.event_id LIMIT ?`,
      [owner as string, camera_id as string, cutoff, cutoff, limit - found.length],
    );
    found.push(...rows.map(eventOf));
    if (found.length >= limit) break;
  }
  return found;
}

export async function deleteEvents(
  engine: Engine,
  events: readonly Pick<StoredEvent, 'owner' | 'event_id'>[],
): Promise<number> {
  const byOwner = Map.groupBy(events, ({ owner }) => owner);
  return engine.write(`the removal of ${events.length} events`, async (tx) => {
    let removed = 0;
    for (const [owner, those] of byOwner)
      removed += await tx.run(`DELETE FROM events WHERE owner = ? AND event_id IN (${engine.bound})`, [
        owner,
        engine.list(those.map(({ event_id }) => event_id)),
      ]);
    return removed;
  });
}

type Named = Pick<StoredEvent, 'owner' | 'event_id' | 'image_path' | 'json_log_path'>;

export async function* withMissingObjects(
  engine: Engine,
  olderThan: Date,
  exists: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
): AsyncIterable<Named> {
  let after: Named | undefined;
  for (;;) {
    const rows = await engine.rows(
      `SELECT e.owner, e.event_id, e.image_path, e.json_log_path FROM events AS e
        WHERE e.updated_at < ? AND (e.image_path IS NOT NULL OR e.json_log_path IS NOT NULL)
          ${after ? 'AND (e.owner, e.event_id) > (?, ?)' : ''}
        ORDER BY e.owner, e.event_id LIMIT ?`,
      [engine.time(olderThan.toISOString()), ...(after ? [after.owner, after.event_id] : []), chunk],
    );
    const events = rows as unknown as Named[];
    const keys = [...new Set(events.flatMap(keysOf))];
    const there = keys.length > 0 ? await exists(keys) : new Set<string>();
    yield* events.filter((event) => keysOf(event).some((key) => !there.has(key)));
    after = events.at(-1);
    if (events.length < chunk) return;
  }
}

const keysOf = ({ image_path, json_log_path }: Named) =>
  [image_path, json_log_path].filter((key) => key !== null);
