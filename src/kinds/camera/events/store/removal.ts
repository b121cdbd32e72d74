import type { EventPlace, EventWithKey, StoredEvent } from '../event-store.ts';
import type { Engine, Row, Session } from './engine.ts';
import { eventOf } from './stored-row.ts';

/** Camera by camera: those of all, in one order, would be sorted for every chunk anew. */
export async function expiredEvents(
  engine: Engine,
  usualDays: number,
  now: Date,
  limit: number,
  exceptOf: readonly string[],
): Promise<StoredEvent[]> {
  const cameras = await engine.rows(
    'SELECT c.owner, c.camera_id, c.retention_days FROM cameras AS c ORDER BY 1, 2',
  );
  const at = engine.time(now.toISOString());
  const found: StoredEvent[] = [];
  for (const { owner, camera_id, retention_days } of cameras) {
    const days = (retention_days as number | null) ?? usualDays;
    const cutoff = engine.time(new Date(now.getTime() - days * 86_400_000).toISOString());
    // An end that is still to come is a clock that was wrong: it keeps nothing.
    const rows = await engine.rows(
      `SELECT ${engine.eventColumns} FROM events AS e
        WHERE e.owner = ? AND e.camera_id = ? AND e.created_at < ? AND NOT e.keep AND e.removing_at IS NULL
          AND (e.ended_at < ? OR e.ended_at > ? OR (e.ended_at IS NULL AND e.job_id IS NULL))
          AND (e.job_id IS NULL OR e.job_id NOT IN (${engine.bound}))
        ORDER BY e.created_at, e.event_id LIMIT ?`,
      [owner as string, camera_id as string, cutoff, cutoff, at, engine.list(exceptOf), limit - found.length],
    );
    found.push(...rows.map(eventOf));
    if (found.length >= limit) break;
  }
  return found;
}

/** In one statement, which looks again whether somebody keeps them. */
export async function beginRemovals(engine: Engine, events: readonly EventPlace[]): Promise<number> {
  return engine.write(`the beginning of the removal of ${events.length} events`, async (tx) => {
    let begun = 0;
    for (const [owner, ids] of byOwner(events))
      begun += await tx.run(
        `UPDATE events SET removing_at = ?
          WHERE owner = ? AND event_id IN (${engine.bound}) AND NOT keep AND removing_at IS NULL`,
        [now(engine), owner, engine.list(ids)],
      );
    return begun;
  });
}

export async function beginRemoval(
  engine: Engine,
  owner: string,
  eventId: string,
): Promise<EventWithKey | null> {
  return engine.write(`the beginning of the removal of event ${eventId}`, async (tx) => {
    await tx.run(
      'UPDATE events SET removing_at = ? WHERE owner = ? AND event_id = ? AND removing_at IS NULL',
      [now(engine), owner, eventId],
    );
    const [event] = await removed(engine, tx, 'e.owner = ? AND e.event_id = ?', [owner, eventId, 1]);
    return event ?? null;
  });
}

export async function beginRemovalOfCamera(
  engine: Engine,
  owner: string,
  cameraId: string,
  limit: number,
): Promise<EventWithKey[]> {
  return engine.write(`the beginning of the removal of camera ${cameraId}`, async (tx) => {
    await tx.run(
      `UPDATE events SET removing_at = ? WHERE owner = ? AND event_id IN
         (SELECT event_id FROM events WHERE owner = ? AND camera_id = ? AND removing_at IS NULL LIMIT ?)`,
      [now(engine), owner, owner, cameraId, limit],
    );
    return removed(engine, tx, 'e.owner = ? AND e.camera_id = ?', [owner, cameraId, limit]);
  });
}

export async function isBeingRemoved(engine: Engine, owner: string, eventId: string): Promise<boolean> {
  const found = await removed(engine, engine, 'e.owner = ? AND e.event_id = ?', [owner, eventId, 1]);
  return found.length > 0;
}

export const removedEvents = (engine: Engine, limit: number) => removed(engine, engine, 'true', [limit]);

async function removed(
  engine: Engine,
  session: Pick<Session, 'rows'>,
  which: string,
  values: (string | number)[],
): Promise<EventWithKey[]> {
  const rows = await session.rows(
    `SELECT ${engine.eventColumns}, c.key AS camera_key FROM events AS e
       JOIN cameras AS c ON c.owner = e.owner AND c.camera_id = e.camera_id
      WHERE e.removing_at IS NOT NULL AND ${which} ORDER BY e.removing_at LIMIT ?`,
    values,
  );
  return rows.map(withCameraKey);
}

export const withCameraKey = (row: Row): EventWithKey => ({
  ...eventOf(row),
  camera_key: row.camera_key as string,
});

export async function deleteEvents(engine: Engine, events: readonly EventPlace[]): Promise<number> {
  return engine.write(`the removal of ${events.length} events`, async (tx) => {
    let gone = 0;
    for (const [owner, ids] of byOwner(events))
      gone += await tx.run(
        `DELETE FROM events WHERE owner = ? AND event_id IN (${engine.bound}) AND removing_at IS NOT NULL`,
        [owner, engine.list(ids)],
      );
    return gone;
  });
}

const now = (engine: Engine) => engine.time(new Date().toISOString());

const byOwner = (events: readonly EventPlace[]): [owner: string, ids: string[]][] =>
  [...Map.groupBy(events, ({ owner }) => owner)].map(([owner, those]) => [
    owner,
    those.map(({ event_id }) => event_id),
  ]);
