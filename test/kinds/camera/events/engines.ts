import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../../../src/database/database.ts';
import type { NewEvent } from '../../../../src/kinds/camera/events/event.ts';
import type { EventStore } from '../../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../../src/kinds/camera/events/open-event-store.ts';
import { databaseKinds } from '../../../../src/kinds/for-database.ts';
import { openTestDatabase } from '../../../database/jobs.ts';

export interface Line {
  level: 'info' | 'warn';
  fields: Record<string, unknown>;
  message: string;
}

export interface Opened {
  store: EventStore;
  /** What it has logged. */
  lines: Line[];
  /** Another store on the same data, as another process has it. */
  again(): Promise<EventStore>;
  close(): Promise<void>;
}

const noDatabase = {} as Database;

export function recorder(): { lines: Line[]; log: Parameters<typeof openEventStore>[2] } {
  const lines: Line[] = [];
  const at = (level: Line['level']) => (fields: object, message: string) =>
    lines.push({ level, fields: fields as Record<string, unknown>, message });
  return { lines, log: { info: at('info'), warn: at('warn') } };
}

export function openSqlite(path: string): EventStore {
  return openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: `sqlite:${path}` }, noDatabase, recorder().log);
}

async function postgres(): Promise<Opened> {
  const database = await openTestDatabase();
  const { lines, log } = recorder();
  const settings = { DOUBLETAKE_EVENTS_DATABASE_URL: undefined };
  const others: Database[] = [];
  return {
    store: openEventStore(settings, database, log),
    lines,
    async again() {
      const other = await openDatabase(database.url, { kinds: databaseKinds });
      others.push(other);
      return openEventStore(settings, other, log);
    },
    async close() {
      for (const other of others) await other.close();
      await database.drop();
    },
  };
}

async function sqlite(): Promise<Opened> {
  const path = join(mkdtempSync(join(tmpdir(), 'doubletake-events-')), 'below', 'events.db');
  const { lines, log } = recorder();
  const settings = { DOUBLETAKE_EVENTS_DATABASE_URL: `sqlite:${path}` };
  const opened: EventStore[] = [];
  const open = async () => {
    const store = await openEventStore(settings, noDatabase, log);
    opened.push(store);
    return store;
  };
  return {
    store: await open(),
    lines,
    again: open,
    async close() {
      for (const store of opened) await store.close();
    },
  };
}

export const engines = [
  ['PostgreSQL', postgres],
  ['SQLite', sqlite],
] as const;

/** An event of a job, open. */
export function newEvent(event_id: string, changes: Partial<NewEvent> = {}): NewEvent {
  return {
    event_id,
    camera_id: 'yard',
    started_at: '2026-05-01T10:00:00.000Z',
    time_source: 'recorded_at',
    job_id: 'job-1',
    ...changes,
  };
}

/** What a box sends. */
export function boxEvent(event_id: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { event_id, camera_id: 'yard', timestamp: '2026-05-01T10:00:00.000Z', ...changes };
}

/** Events of a box, a second apart. */
export function boxEvents(count: number, prefix = 'e', changes: Record<string, unknown> = {}) {
  const start = Date.parse('2026-05-01T00:00:00Z');
  return Array.from({ length: count }, (_, n) =>
    boxEvent(`${prefix}${n}`, { timestamp: new Date(start + n * 1000).toISOString(), ...changes }),
  );
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export const seen = (label: string, confidence = 0.9) => ({
  label,
  confidence,
  box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
});
