import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../../database/database.ts';
import { inStatement } from '../../../../database/transaction.ts';
import { causes } from '../../../../domain/causes.ts';
import type { StoredEvent } from '../event-store.ts';
import type { Engine, Value } from '../store/engine.ts';
import { columnsOf } from '../store/stored-row.ts';
import { sessionOf } from './bound.ts';
import { arrayText } from './values.ts';

/** The type of each column, for the arrays in which the values of all rows travel. */
const types: Readonly<Record<string, string>> = {
  started_at: 'timestamptz',
  ended_at: 'timestamptz',
  last_seen_at: 'timestamptz',
  motion_confidence: 'float8',
  detected_objects: 'jsonb',
  clip_from_s: 'float8',
  clip_to_s: 'float8',
  reviewed_at: 'timestamptz',
  keep: 'bool',
  false_positive: 'bool',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};
/** Lists travel as text: PostgreSQL's arrays of arrays are all of one length. */
const lists = ['labels', 'zones'];
const asElement = (value: Value) => (Array.isArray(value) ? arrayText(value) : value);

const foreignKey = '23503';
const mostTries = 5;

/** How long an insert whose answer was lost is looked for, in milliseconds: it may still be at work. */
const patience = [0, 50, 200, 500];

/** One statement for any number of rows and their cameras, planned alike: an array for each column. */
export async function insert(
  database: Database,
  engine: Engine,
  what: string,
  owner: string,
  events: readonly StoredEvent[],
): Promise<ReadonlySet<string>> {
  const insertion = randomUUID();
  const { sql, values } = statement(engine, owner, insertion, events);
  const attempt = () =>
    inStatement(database, what, async (em) => idsOf(await sessionOf(em).rows(sql, values)));
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const code = codeOf(error);
      // A camera that somebody else had just made was removed at once.
      if (code === foreignKey && tries < mostTries) continue;
      const found = code === undefined ? await find(engine, owner, insertion, events) : undefined;
      if (found) return found;
      throw error;
    }
  }
}

function statement(engine: Engine, owner: string, insertion: string, events: readonly StoredEvent[]) {
  const rows = events.map((event) => columnsOf(engine, event));
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => rows.map((row) => asElement(row[name] as Value)));
  const cameras = [...new Set(events.map(({ camera_id }) => camera_id))].sort();
  const sql = `WITH held AS (
      SELECT camera_id FROM cameras WHERE owner = ? AND camera_id IN (SELECT unnest(?::text[])) FOR KEY SHARE),
    made AS (
      INSERT INTO cameras (owner, camera_id, key, time_zone, zones, masks, version, created_at, updated_at)
      SELECT ?, wanted.camera_id, gen_random_uuid(), 'UTC', '[]', '[]', 1, now(), now()
        FROM unnest(?::text[]) AS wanted (camera_id)
       WHERE wanted.camera_id NOT IN (SELECT camera_id FROM held)
      ON CONFLICT (owner, camera_id) DO NOTHING)
    INSERT INTO events (owner, insertion, ${names.join(', ')})
    SELECT ?, ?::uuid, ${names.map((name) => (lists.includes(name) ? `${name}::text[]` : name)).join(', ')}
      FROM unnest(${names.map((name) => `?::${types[name] ?? 'text'}[]`).join(', ')}) AS row (${names.join(', ')})
    ON CONFLICT (owner, event_id) DO NOTHING RETURNING event_id`;
  const values = [owner, cameras, owner, cameras, owner, insertion, ...columns] as Value[];
  return { sql, values };
}

/**
 * What an insert added whose connection was lost before it could say so. Said to have failed, it would be tried again, and
 * be a duplicate of itself. @returns undefined where nobody knows
 */
async function find(
  engine: Engine,
  owner: string,
  insertion: string,
  events: readonly StoredEvent[],
): Promise<ReadonlySet<string> | undefined> {
  const ids = events.map(({ event_id }) => event_id);
  for (const wait of patience) {
    await sleep(wait);
    try {
      const rows = await engine.rows(
        `SELECT event_id FROM events WHERE owner = ? AND event_id IN (${engine.bound}) AND insertion = ?::uuid`,
        [owner, ids, insertion],
      );
      if (rows.length > 0) return idsOf(rows);
    } catch {
      // The server may be on its way back.
    }
  }
  return undefined;
}

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): ReadonlySet<string> =>
  new Set(rows.map(({ event_id }) => event_id as string));

/** What PostgreSQL itself said; undefined where it said nothing. */
function codeOf(error: unknown): string | undefined {
  for (const { code } of causes(error))
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  return undefined;
}
