import type { EventPlace, EventWithKey, StoredEvent } from '../event-store.ts';
import { eventIn, save } from './change-event.ts';
import type { Engine } from './engine.ts';
import { withCameraKey } from './removal.ts';

export async function eventsWithObjects(
  engine: Engine,
  unchangedSince: Date,
  after: EventPlace | null,
  limit: number,
): Promise<EventWithKey[]> {
  const rows = await engine.rows(
    `SELECT ${engine.eventColumns}, c.key AS camera_key FROM events AS e
       JOIN cameras AS c ON c.owner = e.owner AND c.camera_id = e.camera_id
      WHERE e.updated_at < ? AND e.removing_at IS NULL
        AND (e.image_path IS NOT NULL OR e.json_log_path IS NOT NULL OR e.clip_key IS NOT NULL)
        ${after ? 'AND (e.owner, e.event_id) > (?, ?)' : ''}
      ORDER BY e.owner, e.event_id LIMIT ?`,
    [engine.time(unchangedSince.toISOString()), ...(after ? [after.owner, after.event_id] : []), limit],
  );
  return rows.map(withCameraKey);
}

export async function forgetObjects(
  engine: Engine,
  { owner, event_id, updated_at }: StoredEvent,
  gone: readonly string[],
): Promise<boolean> {
  const left = (key: string | null) => (key !== null && gone.includes(key) ? null : key);
  return engine.write(`event ${event_id}`, async (tx) => {
    const before = await eventIn(engine, tx, owner, event_id, engine.forUpdate);
    if (before?.updated_at !== updated_at) return false;
    await save(engine, tx, {
      ...before,
      image_path: left(before.image_path),
      json_log_path: left(before.json_log_path),
      clip: before.clip && left(before.clip.key) !== null ? before.clip : null,
    });
    return true;
  });
}
