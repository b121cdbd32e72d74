import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Database, openDatabase } from '../src/database/database.ts';
import { migrateUp } from '../src/database/migrate.ts';
import { checkOfBox } from '../src/kinds/camera/events/checks/given-event.ts';
import type { EventStore, OwnersEvents } from '../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../src/kinds/camera/events/open-event-store.ts';
import { postgresEngine } from '../src/kinds/camera/events/postgres/engine.ts';
import { arrayText } from '../src/kinds/camera/events/postgres/values.ts';
import { columnsOf } from '../src/kinds/camera/events/store/stored-row.ts';
import { createPostgres } from '../stack/servers/postgres.ts';
import type { BenchRun } from './bench-run.ts';
import { benchEvent, benchEvents } from './camera/events.ts';
import { queries } from './camera/queries.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

const owner = 'bench';
const quiet = { info() {}, warn() {} };
const pageSize = 50;
/** A box that stands alone has a few cameras. */
const counts: Readonly<Record<string, number>> = { PostgreSQL: 1_000_000, SQLite: 250_000 };

/** What the stores of events cost beside the least that is possible on the same disk, in the same run. */
export async function cameraStore(run: BenchRun): Promise<Section> {
  const folder = join(run.scratch, 'camera-store');
  await mkdir(folder);
  for (const path of [run.scratch, folder]) chmodSync(path, 0o711);
  const postgres = createPostgres({
    folder: join(folder, 'postgres'),
    log: join(folder, 'postgres.log'),
    password: 'bench',
  });
  await postgres.start();
  const database = await openDatabase(postgres.url(), { statementTimeoutMs: 0 });
  const sqliteUrl = `sqlite:${join(folder, 'events.db')}`;
  const stores: [string, EventStore][] = [
    ['PostgreSQL', await openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: undefined }, database, quiet)],
    ['SQLite', await openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: sqliteUrl }, database, quiet)],
  ];
  try {
    await migrateUp(database);
    const rows: string[][] = [];
    const measured = (row: string[]) => {
      run.say(row.join(' | '));
      rows.push(row);
    };
    for (const [name, store] of stores) {
      const count = run.short ? 50_000 : (counts[name] as number);
      const mine = store.of(owner);
      run.say(`${name}: ${count} events`);
      const seconds = await fill(mine, count);
      measured([`${name}: batches of 1,000, events a second`, (count / seconds).toFixed(0), '']);
      if (name === 'PostgreSQL') await database.em().execute('VACUUM (ANALYZE) events');
      measured(await singleInserts(run, name, mine, folder));
    }
    measured(await batches(run, stores[0]?.[1].of(owner) as OwnersEvents, database, folder));
    for (const [name, store] of stores)
      for await (const row of lists(run, name, store.of(owner))) measured(row);
    return {
      id: 'camera-store',
      title: 'Events of cameras',
      says: `${run.short ? '50,000 events' : 'A million events in PostgreSQL, a quarter of them in SQLite,'} of twenty cameras. A single insert beside a row of the same size appended to a file with \`fdatasync\`, in turn; a batch of 1,000, checked and stored, beside COPY of the same rows into the same table with its indexes, in turn; pages of ${pageSize} by every filter, oldest or newest first, and the page after it, as the service waits for them: of each query the quickest of three tries.`,
      head: ['what', 'p50 / p99, ms', 'ratio'],
      rows,
    };
  } finally {
    for (const [, store] of stores) await store.close();
    await database.close();
    await postgres.stop();
    postgres.discard();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(mine: OwnersEvents, count: number): Promise<number> {
  let taken = 0;
  for (let from = 0; from < count; from += 1000) {
    const events = benchEvents(1000, from, count);
    taken += await timed(() => mine.insertEvents(events));
  }
  return taken / 1000;
}

async function singleInserts(run: BenchRun, name: string, mine: OwnersEvents, folder: string) {
  const file = openSync(join(folder, 'appended'), 'a');
  const times = { insert: [] as number[], append: [] as number[] };
  const rounds = run.short ? 300 : 3000;
  for (let n = 0; n < rounds; n++) {
    const { timestamp, ...event } = benchEvent(n, n);
    const row = `${JSON.stringify({ timestamp, ...event })}\n`;
    times.append.push(
      await timed(() => {
        writeSync(file, row);
        fdatasyncSync(file);
      }),
    );
    const given = { ...event, started_at: timestamp, time_source: 'stream', job_id: 'bench' };
    times.insert.push(await timed(() => mine.insertEvent(given as never)));
  }
  closeSync(file);
  const ratio = quantile(times.insert, 0.99) / quantile(times.append, 0.99);
  return [
    `${name}: a single insert (an append: ${shown(times.append)})`,
    shown(times.insert),
    `${ratio.toFixed(2)} (p99)`,
  ];
}

async function batches(run: BenchRun, mine: OwnersEvents, database: Database, folder: string) {
  const times = { batch: [] as number[], copy: [] as number[] };
  const path = join(folder, 'copied.csv');
  for (let round = 0; round < (run.short ? 5 : 15 * run.rounds); round++) {
    const events = benchEvents(1000, 0, 1000);
    times.batch.push(await timed(() => mine.insertEvents(events)));
    const { names, csv } = asCsv(database, benchEvents(1000, 0, 1000));
    writeFileSync(path, csv, { mode: 0o644 });
    const copy = `COPY events (${names.join(', ')}) FROM '${path}' (FORMAT csv)`;
    times.copy.push(await timed(() => database.em().execute(copy)));
  }
  const ratio = median(times.copy) / median(times.batch);
  return [
    `PostgreSQL: a batch of 1,000 (COPY: ${shown(times.copy)})`,
    shown(times.batch),
    `${ratio.toFixed(2)} (as fast as COPY: 1)`,
  ];
}

/** As `COPY` reads rows of the same table. */
function asCsv(database: Database, events: readonly Record<string, unknown>[]) {
  const engine = postgresEngine(database, async () => {});
  const rows = events.map((event) => {
    const checked = checkOfBox(event, owner, new Date());
    if (!('event' in checked)) throw new Error(checked.reason);
    return { owner, insertion: randomUUID(), ...columnsOf(engine, checked.event) };
  });
  const cell = (value: unknown) =>
    value === null
      ? ''
      : `"${String(Array.isArray(value) ? arrayText(value) : value).replaceAll('"', '""')}"`;
  const names = Object.keys(rows[0] ?? {});
  return { names, csv: rows.map((row) => `${Object.values(row).map(cell).join(',')}\n`).join('') };
}

async function* lists(run: BenchRun, name: string, mine: OwnersEvents): AsyncIterable<string[]> {
  for (const [what, filterOf] of Object.entries(queries)) {
    const times: number[] = [];
    for (let n = 0; n < (run.short ? 10 : 100); n++) {
      const filter = filterOf(n);
      const order = n % 4 === 0 ? 'asc' : 'desc';
      const first = await quickest(() => mine.listEvents(filter, { limit: pageSize, order }));
      times.push(first.ms);
      const cursor = first.result.next_cursor;
      if (cursor !== null)
        times.push((await quickest(() => mine.listEvents(filter, { limit: pageSize, order, cursor }))).ms);
    }
    yield [`${name}: ${what}`, shown(times), ''];
  }
}

/** Of three tries: what else a machine does meanwhile is no property of a query. */
async function quickest<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const tries: { ms: number; result: T }[] = [];
  for (let n = 0; n < 3; n++) {
    const began = performance.now();
    const result = await work();
    tries.push({ ms: performance.now() - began, result });
  }
  return tries.reduce((a, b) => (a.ms < b.ms ? a : b));
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
}

const shown = (times: readonly number[]) =>
  `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
