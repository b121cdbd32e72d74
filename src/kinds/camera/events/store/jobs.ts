import type { StoredEvent } from '../event-store.ts';
import { save } from './change-event.ts';
import type { Engine } from './engine.ts';
import { eventOf } from './stored-row.ts';

const chunk = 500;

export async function* eventsOfJob(engine: Engine, owner: string, jobId: string): AsyncIterable<StoredEvent> {
  let after: StoredEvent | undefined;
  for (;;) {
    const rows = await engine.rows(
      `SELECT ${engine.eventColumns} FROM events AS e
        WHERE e.owner = ? AND e.job_id = ? AND e.removing_at IS NULL ${after ? 'AND (e.started_at, e.event_id) > (?, ?)' : ''}
        ORDER BY e.started_at, e.event_id LIMIT ?`,
      [owner, jobId, ...(after ? [engine.time(after.started_at), after.event_id] : []), chunk],
    );
    const events = rows.map(eventOf);
    yield* events;
    after = events.at(-1);
    if (events.length < chunk) return;
  }
}

export async function jobsWithOpenEvents(
  engine: Engine,
  limit: number,
): Promise<{ owner: string; job_id: string }[]> {
  const rows = await engine.rows(
    `SELECT DISTINCT e.owner, e.job_id FROM events AS e WHERE e.ended_at IS NULL AND e.job_id IS NOT NULL AND e.removing_at IS NULL
      ORDER BY e.owner, e.job_id LIMIT ?`,
    [limit],
  );
  return rows.map(({ owner, job_id }) => ({ owner: owner as string, job_id: job_id as string }));
}

export async function closeEventsOfJob(
  engine: Engine,
  owner: string,
  jobId: string,
  reason: string,
): Promise<number> {
  return engine.write(`the end of events of job ${jobId}`, async (tx) => {
    const rows = await tx.rows(
      `SELECT ${engine.eventColumns} FROM events AS e
        WHERE e.owner = ? AND e.job_id = ? AND e.ended_at IS NULL AND e.removing_at IS NULL ORDER BY e.event_id ${engine.forUpdate}`,
      [owner, jobId],
    );
    for (const event of rows.map(eventOf)) {
      const { started_at, last_seen_at } = event;
      const ended_at = last_seen_at !== null && last_seen_at > started_at ? last_seen_at : started_at;
      await save(engine, tx, { ...event, ended_at, end_reason: reason });
    }
    return rows.length;
  });
}
