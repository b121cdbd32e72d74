import type { StoredEvent } from '../event-store.ts';
import type { Engine, Session, Value } from '../store/engine.ts';
import { columnsOf } from '../store/stored-row.ts';
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
const arrays = ['labels', 'zones'];
const asElement = (value: Value) => (Array.isArray(value) ? arrayText(value) : value);

export interface Inserted {
  ids: ReadonlySet<string>;
  /** The transaction in which they were; null when none was added. */
  transaction: string | null;
}

/** One statement for any number of rows, planned alike: an array for each column. */
export async function insert(
  engine: Engine,
  tx: Session,
  owner: string,
  events: readonly StoredEvent[],
): Promise<Inserted> {
  const rows = events.map((event) => columnsOf(engine, event));
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => rows.map((row) => asElement(row[name] as Value)));
  const found = await tx.rows(
    `INSERT INTO events (owner, ${names.join(', ')})
     SELECT ?, ${names.map((name) => (arrays.includes(name) ? `${name}::text[]` : name)).join(', ')}
       FROM unnest(${names.map((name) => `?::${types[name] ?? 'text'}[]`).join(', ')}) AS row (${names.join(', ')})
     ON CONFLICT (owner, event_id) DO NOTHING RETURNING event_id, changed_in::text AS transaction`,
    [owner, ...(columns as unknown as Value[])],
  );
  return {
    ids: new Set(found.map(({ event_id }) => event_id as string)),
    transaction: (found[0]?.transaction as string | undefined) ?? null,
  };
}
