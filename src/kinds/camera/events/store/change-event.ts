import { Conflict, InvalidRequest } from '../../../../domain/errors.ts';
import { checkChanges, checkPatch, checkUser } from '../checks/given-event.ts';
import type { EventChanges } from '../event.ts';
import type { PatchedByPerson, StoredEvent } from '../event-store.ts';
import type { Engine, Session } from './engine.ts';
import { columnsOf, eventOf } from './stored-row.ts';

export async function findEvent(engine: Engine, owner: string, eventId: string): Promise<StoredEvent | null> {
  return eventIn(engine, engine, owner, eventId);
}

export async function eventIn(
  engine: Engine,
  session: Pick<Session, 'rows'>,
  owner: string,
  eventId: string,
  lock = '',
): Promise<StoredEvent | null> {
  const [row] = await session.rows(
    `SELECT ${engine.eventColumns} FROM events AS e
      WHERE e.owner = ? AND e.event_id = ? AND e.removing_at IS NULL ${lock}`,
    [owner, eventId],
  );
  return row ? eventOf(row) : null;
}

export async function findEvents(
  engine: Engine,
  owner: string,
  eventIds: readonly string[],
): Promise<StoredEvent[]> {
  const rows = await engine.rows(
    `SELECT ${engine.eventColumns} FROM events AS e
      WHERE e.owner = ? AND e.event_id IN (${engine.bound}) AND e.removing_at IS NULL`,
    [owner, engine.list(eventIds)],
  );
  const found = new Map(rows.map((row) => [row.event_id as string, eventOf(row)]));
  return eventIds.flatMap((id) => found.get(id) ?? []);
}

export async function updateOpenEvent(
  engine: Engine,
  owner: string,
  eventId: string,
  jobId: string,
  given: EventChanges,
): Promise<boolean> {
  const changes = checkChanges(given);
  return engine.write(`event ${eventId}`, async (tx) => {
    const before = await eventIn(engine, tx, owner, eventId, engine.forUpdate);
    if (!before || before.job_id !== jobId) return false;
    // What was closed because its job was stopped goes on when the job does.
    const goesOn = before.end_reason === 'stopped' ? stillOpen(changes) : {};
    if (before.ended_at !== null && before.end_reason !== 'stopped') {
      const lacking = whatLacks(before, changes);
      if (lacking) await save(engine, tx, { ...before, ...lacking });
      return lacking !== null;
    }
    const { llm_description, described_by, ...others } = changes;
    const after: StoredEvent = { ...before, ...goesOn, ...others };
    if (after.ended_at !== null && after.ended_at < after.started_at)
      throw new InvalidRequest(
        'The event cannot be kept: `ended_at` is before the start of the event.',
        'ended_at',
      );
    if (llm_description !== undefined && before.described_by !== 'person') {
      after.llm_description = llm_description;
      after.described_by = llm_description === null ? null : (described_by ?? 'machine');
    }
    await save(engine, tx, after);
    return true;
  });
}

/** Its log was written when it was closed, and is none of an event that goes on. */
const stillOpen = (changes: EventChanges) => {
  const isOnlyLog = Object.keys(changes).length === 1 && changes.json_log_path;
  return isOnlyLog ? {} : { ended_at: null, end_reason: null, json_log_path: null };
};

/** Of the objects that are given, those that a closed event does not have; null where it has all of them. */
function whatLacks(before: StoredEvent, given: EventChanges): Partial<StoredEvent> | null {
  const names = ['image_path', 'json_log_path', 'clip'] as const;
  const lacking = names.filter((name) => before[name] === null && given[name]);
  return lacking.length === 0 ? null : Object.fromEntries(lacking.map((name) => [name, given[name]]));
}

export async function adoptStoppedEvent(
  engine: Engine,
  owner: string,
  eventId: string,
  jobId: string,
): Promise<boolean> {
  return engine.write(`event ${eventId}`, async (tx) => {
    const before = await eventIn(engine, tx, owner, eventId, engine.forUpdate);
    if (before?.end_reason !== 'stopped' || before.job_id === null) return false;
    await save(engine, tx, { ...before, job_id: jobId });
    return true;
  });
}

export async function patchEvent(
  engine: Engine,
  owner: string,
  eventId: string,
  given: PatchedByPerson,
  by: string,
  ifUpdatedAt: string | undefined,
): Promise<StoredEvent | null> {
  const { reviewed, llm_description, ...flags } = checkPatch(given);
  checkUser(by);
  return engine.write(`event ${eventId}`, async (tx) => {
    const before = await eventIn(engine, tx, owner, eventId, engine.forUpdate);
    if (!before) return null;
    if (ifUpdatedAt !== undefined && ifUpdatedAt !== before.updated_at)
      throw new Conflict(
        `The event "${eventId}" has changed since you read it. Read it again, then change it.`,
      );
    const after: StoredEvent = { ...before, ...flags };
    // A person's, also where they took it away: no machine writes another in its place.
    if (llm_description !== undefined) Object.assign(after, { llm_description, described_by: 'person' });
    if (reviewed === false) Object.assign(after, { reviewed_by: null, reviewed_at: null });
    if (reviewed === true && before.reviewed_at === null)
      Object.assign(after, { reviewed_by: by, reviewed_at: new Date().toISOString() });
    return save(engine, tx, after);
  });
}

/** Writes an event over itself, in the transaction that has read it. @param changed with the `updated_at` that was there */
export async function save(engine: Engine, tx: Session, changed: StoredEvent): Promise<StoredEvent> {
  const after = { ...changed, updated_at: laterThan(changed.updated_at) };
  const { event_id, camera_id, started_at, created_at, ...columns } = columnsOf(engine, after);
  const names = Object.keys(columns);
  await tx.run(
    `UPDATE events SET ${names.map((name) => `${name} = ?`).join(', ')}, ${engine.touch}
      WHERE owner = ? AND event_id = ?`,
    [...Object.values(columns), after.owner, after.event_id],
  );
  return after;
}

/** Now, and never the time that was there: whoever read the event before sees that it has changed. */
function laterThan(before: string): string {
  return new Date(Math.max(Date.now(), Date.parse(before) + 1)).toISOString();
}
