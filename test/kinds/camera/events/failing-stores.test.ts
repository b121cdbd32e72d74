import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../../../../src/database/database.ts';
import { inTransaction } from '../../../../src/database/transaction.ts';
import type { EventStore, OwnersEvents } from '../../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../../src/kinds/camera/events/open-event-store.ts';
import { databaseKinds } from '../../../../src/kinds/for-database.ts';
import { postgresUser } from '../../../../stack/servers/postgres-user.ts';
import { openTestDatabase } from '../../../database/jobs.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { all, boxEvent, boxEvents, newEvent, openSqlite, recorder } from './engines.ts';
import { makeReadOnly, smallDisk, whyNoSmallDisk } from './small-disk.ts';

/** Real failures of both engines. What is promised is the same: nothing of what failed is stored, all before is readable. */

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const incompressible = randomBytes(950).toString('hex');

const noDisk = whyNoSmallDisk();
const onSmallDisk = (name: string, work: () => Promise<void>) =>
  noDisk ? test.skip(`${name} (${noDisk})`, work) : test(name, work);

async function onPostgres() {
  const database = await openTestDatabase();
  undo.push(() => database.drop());
  const { lines, log } = recorder();
  const store = await openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: undefined }, database, log);
  const execute = (sql: string) => database.em().execute(sql);
  return { database, store, mine: store.of('anna'), lines, execute };
}

async function onSqlite(path = join(mkdtempSync(join(tmpdir(), 'doubletake-events-')), 'events.db')) {
  const store = await openSqlite(path);
  undo.push(() => store.close());
  return { path, store, mine: store.of('anna') };
}

const count = async (mine: OwnersEvents) => (await all(mine.eachEvent({}))).length;
const refused = { type: 'DatabaseWriteError', retryable: true };

/** Everything that writes fails as a write does, with its cause, and what was there stays readable. */
async function expectRefusals(mine: OwnersEvents, code: unknown, store: EventStore) {
  const writes: (() => Promise<unknown>)[] = [
    () => mine.insertEvent(newEvent('refused')),
    () => mine.insertEvents([boxEvent('refused')]),
    () => mine.updateOpenEvent('before', 'job-1', { zones: ['x'] }),
    () => mine.patchEvent('before', { keep: true }, 'anna'),
    () => mine.createCamera('refused', {}),
    () => mine.beginRemoval('before'),
    () => store.beginRemovals([{ owner: 'anna', event_id: 'before' }]),
    () => store.deleteEvents([{ owner: 'anna', event_id: 'before' }]),
  ];
  for (const write of writes) await expect(write()).rejects.toMatchObject({ ...refused, cause: { code } });
  expect(await mine.findEvent('before')).toMatchObject({ zones: [], keep: false });
}

onSmallDisk(
  'PostgreSQL, its disk full in the middle of a batch: nothing of it is stored, and it goes on when there is room',
  async () => {
    const { database, mine, execute } = await onPostgres();
    const disk = smallDisk(3, postgresUser());
    undo.push(() => disk.remove());
    const space = `space_${process.pid}`;
    await execute(`CREATE TABLESPACE ${space} LOCATION '${disk.path}'`);
    // Before the disk goes: a table space is there only as long as something is in it.
    undo.push(async () => {
      await execute('DROP TABLE events');
      await execute(`DROP TABLESPACE ${space}`);
    });
    await execute(`ALTER TABLE events SET TABLESPACE ${space}`);
    expect(await mine.insertEvents(boxEvents(100, 'before'))).toMatchObject({ inserted: 100 });
    const batch = boxEvents(2000, 'batch', { llm_description: incompressible });
    await expect(mine.insertEvents(batch)).rejects.toMatchObject({ ...refused, cause: { code: '53100' } });
    expect(await count(mine)).toBe(100);
    disk.resize(100);
    expect(await mine.insertEvents(batch)).toMatchObject({ inserted: 2000, duplicates: 0 });
    expect(await count(mine)).toBe(2100);
    await database.ping();
  },
);

onSmallDisk(
  'SQLite, its disk full in the middle of a batch: nothing of it is stored, and it goes on when there is room',
  async () => {
    const disk = smallDisk(4);
    undo.push(() => disk.remove());
    const { mine } = await onSqlite(join(disk.path, 'events.db'));
    expect(await mine.insertEvents(boxEvents(100, 'before'))).toMatchObject({ inserted: 100 });
    const batch = boxEvents(2000, 'batch', { llm_description: incompressible });
    await expect(mine.insertEvents(batch)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('the disk is full'),
      cause: { code: 'SQLITE_FULL' },
    });
    expect(await count(mine)).toBe(100);
    expect(await mine.insertEvent(newEvent('after'))).toBe(true);
    disk.resize(100);
    expect(await mine.insertEvents(batch)).toMatchObject({ inserted: 2000, duplicates: 0 });
    expect(await count(mine)).toBe(2101);
  },
);

test('PostgreSQL that is read-only: every write is refused with its cause, and taken once it is not', async () => {
  const { database, mine, execute } = await onPostgres();
  await mine.insertEvent(newEvent('before'));
  const name = new URL(database.url).pathname.slice(1);
  await execute(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  const frozen = await openDatabase(database.url, { kinds: databaseKinds });
  const store = await openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: undefined }, frozen, recorder().log);
  undo.push(() => frozen.close());
  await expectRefusals(store.of('anna'), '25006', store);
  await execute(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  expect(await mine.insertEvent(newEvent('refused'))).toBe(true);
});

onSmallDisk(
  'SQLite, a read-only file: every write is refused with its cause, and taken once it is not',
  async () => {
    const first = await onSqlite();
    await first.mine.insertEvent(newEvent('before'));
    await first.store.close();
    const makeWritable = makeReadOnly(first.path);
    const { mine, store } = await onSqlite(first.path).catch((error) => {
      makeWritable();
      throw error;
    });
    try {
      await expectRefusals(mine, expect.stringMatching(/^SQLITE_READONLY/), store);
    } finally {
      makeWritable();
    }
    expect(await mine.insertEvent(newEvent('refused'))).toBe(true);
  },
);

onSmallDisk('SQLite, a read-only mount: refused with its cause', async () => {
  const disk = smallDisk(4);
  undo.push(() => disk.remove());
  const path = join(disk.path, 'events.db');
  const first = await onSqlite(path);
  await first.mine.insertEvent(newEvent('before'));
  await first.store.close();
  disk.setReadOnly();
  const { mine } = await onSqlite(path);
  await expect(mine.insertEvent(newEvent('refused'))).rejects.toMatchObject({
    ...refused,
    cause: { code: expect.stringMatching(/^SQLITE_(CANTOPEN|READONLY)/) },
  });
});

test('SQLite, a file that is none, and a path that cannot be: refused with its cause', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-events-'));
  writeFileSync(join(folder, 'text'), 'This is no database. '.repeat(100));
  mkdirSync(join(folder, 'folder'));
  for (const [path, code] of [
    [join(folder, 'text'), 'SQLITE_NOTADB'],
    [join(folder, 'folder'), expect.stringMatching(/^SQLITE_CANTOPEN/)],
    [join(folder, 'text', 'below'), expect.stringMatching(/^E(EXIST|NOTDIR)$/)],
  ] as const) {
    const { mine, store } = await onSqlite(path);
    await expect(mine.insertEvent(newEvent('a'))).rejects.toMatchObject({ ...refused, cause: { code } });
    await expect(mine.findEvent('a')).rejects.toMatchObject(refused);
    await expect(store.ping()).rejects.toMatchObject(refused);
  }
  expect(() => openSqlite(':memory:')).toThrow('names no file');
});

test('PostgreSQL, the connection cut in the middle of a batch: nothing of it is stored, and the next try is whole', async () => {
  const { mine, execute } = await onPostgres();
  await mine.insertEvents(boxEvents(10, 'before'));
  await execute(`
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.event_id = 'batch500' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
      RETURN NEW;
    END $$`);
  await execute('CREATE TRIGGER cut BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION cut()');
  const cut = () => mine.insertEvents(boxEvents(1000, 'batch'));
  await expect(cut()).rejects.toMatchObject({ ...refused, cause: { code: '57P01' } });
  await expect(cut()).rejects.toMatchObject(refused);
  expect(await count(mine)).toBe(10);
  await execute('DROP TRIGGER cut ON events');
  expect(await mine.insertEvents(boxEvents(1000, 'batch'))).toMatchObject({ inserted: 1000, duplicates: 0 });
});

test('PostgreSQL, the answer lost: what was stored counts as inserted, what was not as refused', async () => {
  const { database, mine } = await onPostgres();
  const proxy = await cuttingProxy(database.url);
  undo.push(() => proxy.close());
  const far = await openDatabase(proxy.url, { kinds: databaseKinds, poolMax: 2 });
  undo.push(() => far.close());
  const { lines, log } = recorder();
  const store = await openEventStore({ DOUBLETAKE_EVENTS_DATABASE_URL: undefined }, far, log);
  const theirs = store.of('anna');
  await theirs.insertEvent(newEvent('before'));

  proxy.cutAt('INSERT INTO events', 'after');
  expect(await theirs.insertEvent(newEvent('answer-lost'))).toBe(true);
  proxy.cutAt('INSERT INTO events', 'after');
  const batch = [boxEvent('before'), ...boxEvents(100, 'lost')];
  expect(await theirs.insertEvents(batch)).toMatchObject({ inserted: 100, duplicates: 1 });
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { event_id: 'before' } }]);

  proxy.cutAt('INSERT INTO events', 'before');
  await expect(theirs.insertEvent(newEvent('never'))).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('not known'),
  });
  proxy.cutAt('INSERT INTO events', 'before');
  await expect(theirs.insertEvents(boxEvents(100, 'never'))).rejects.toMatchObject(refused);
  expect(await count(mine)).toBe(102);
  // Another's that was there before is no insert of ours, though its answer was lost, too.
  proxy.cutAt('INSERT INTO events', 'after');
  await expect(theirs.insertEvent(newEvent('before'))).rejects.toMatchObject(refused);
  expect(await theirs.insertEvent(newEvent('never'))).toBe(true);
});

test('PostgreSQL, a camera removed while its events come: it is made anew, and no event is lost', async () => {
  const { mine } = await onPostgres();
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      n % 3 === 0 ? mine.deleteCamera('yard') : mine.insertEvent(newEvent(`race-${n}`)),
    ),
  );
  expect(outcomes.filter((_, n) => n % 3 !== 0)).toEqual(Array(40).fill(true));
});

test('PostgreSQL, a table that somebody holds locked: refused in time, and taken by the next try', async () => {
  const { database, mine } = await onPostgres();
  await mine.insertEvent(newEvent('before'));
  const impatient = await openDatabase(database.url, { kinds: databaseKinds, statementTimeoutMs: 300 });
  undo.push(() => impatient.close());
  const store = await openEventStore(
    { DOUBLETAKE_EVENTS_DATABASE_URL: undefined },
    impatient,
    recorder().log,
  );
  const theirs = store.of('anna');
  await inTransaction(database, 'a lock', async (tx) => {
    await tx.execute('LOCK TABLE events IN SHARE ROW EXCLUSIVE MODE');
    await expect(theirs.insertEvent(newEvent('waits'))).rejects.toMatchObject(refused);
    expect(await theirs.findEvent('before')).not.toBeNull();
  });
  expect(await theirs.insertEvent(newEvent('waits'))).toBe(true);
});

const anotherProcess = async (...args: string[]): Promise<ChildProcess> => {
  const script = new URL('./sqlite-process.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  undo.push(() => child.kill('SIGKILL'));
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
};

test('SQLite, another process holds the write lock for 10 s: refused, tried again, nothing is lost, and the process lives', async () => {
  const { path, mine } = await onSqlite();
  await mine.insertEvent(newEvent('before'));
  const holder = await anotherProcess('hold', path, '10');
  const ended = once(holder, 'exit');
  let ticks = 0;
  const clock = setInterval(() => ticks++, 50);
  const refusals: unknown[] = [];
  const patiently = async (write: () => Promise<unknown>) => {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        refusals.push(error);
        await sleep(100);
      }
    }
  };
  const outcomes = Promise.all([
    patiently(() => mine.insertEvent(newEvent('alone'))),
    patiently(() => mine.insertEvents(boxEvents(100, 'batch'))),
    patiently(() => mine.updateOpenEvent('before', 'job-1', { zones: ['gate'] })),
  ]);
  // Readers are not kept waiting.
  expect(await mine.findEvent('before')).toMatchObject({ zones: [] });
  expect(await outcomes).toEqual([true, { inserted: 100, duplicates: 0, failed: [] }, true]);
  clearInterval(clock);
  await ended;
  expect(refusals.length).toBeGreaterThan(2);
  for (const error of refusals) expect(error).toMatchObject({ ...refused, cause: { code: 'SQLITE_BUSY' } });
  expect(ticks).toBeGreaterThan(20);
  expect(await count(mine)).toBe(102);
});

test('SQLite, a process killed in the middle of a batch: nothing of it is stored, and others go on at once', async () => {
  const { path, mine } = await onSqlite();
  await mine.insertEvents(boxEvents(10, 'before'));
  const writer = await anotherProcess('write', path, '60');
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  const again = await onSqlite(path);
  expect(await again.store.of('half').listCameras()).toEqual([]);
  expect(await again.mine.insertEvents(boxEvents(10, 'after'))).toMatchObject({ inserted: 10 });
  expect(await count(mine)).toBe(20);
});

test('SQLite is opened as it promises: WAL, flushed, for its user alone, and not by a version that is too old', async () => {
  const { path, mine } = await onSqlite();
  await mine.insertEvent(newEvent('a'));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const raw = new Sqlite(path);
  undo.push(() => raw.close());
  expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
  raw.pragma('user_version = 99');
  const newer = await onSqlite(path);
  await expect(newer.mine.insertEvent(newEvent('b'))).rejects.toThrow(
    expect.objectContaining({
      cause: expect.objectContaining({ message: expect.stringContaining('version 99') }),
    }),
  );
});
