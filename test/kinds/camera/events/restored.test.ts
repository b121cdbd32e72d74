import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import type { OwnersEvents } from '../../../../src/kinds/camera/events/event-store.ts';
import { openEventStore } from '../../../../src/kinds/camera/events/open-event-store.ts';
import { openTestDatabase } from '../../../database/jobs.ts';
import { boxEvents, openSqlite, recorder } from './engines.ts';

const heard = async (mine: OwnersEvents, point: string) =>
  (await mine.changedSince(point, 100)).items.map(({ event_id }) => event_id);

test('PostgreSQL, dumped and restored to another server: what is old is no news, and what comes is', async () => {
  const database = await openTestDatabase();
  const mine = openEventStore({}, database, recorder().log).of('anna');
  const execute = (sql: string) => database.em().execute(sql);
  try {
    await mine.insertEvents(boxEvents(3));
    // As if the server that they were written on had had more transactions than this one yet.
    await execute(`UPDATE events SET changed_in = (pg_current_xact_id()::text::bigint + 20)::text::xid8`);
    const point = await mine.now();
    expect(await heard(mine, point)).toEqual([]);
    // This server comes by the same numbers, and beyond them.
    for (let n = 0; n < 30; n++) await execute('SELECT pg_current_xact_id()');
    expect(await heard(mine, point)).toEqual([]);
    await mine.patchEvent('e1', { keep: true }, 'anna');
    expect(await heard(mine, point)).toEqual(['e1']);

    // A client comes back with a point of that server's, also in the middle of an answer.
    for (const foreign of ['["900000:900000:"]', '["5:5:","900000:900002:900001","6","e0"]']) {
      const { items, next } = await mine.changedSince(foreign, 100);
      expect(items).toEqual([]);
      await mine.patchEvent('e2', { keep: true }, 'anna');
      expect(await heard(mine, next)).toEqual(['e2']);
    }
  } finally {
    await database.drop();
  }
});

test('SQLite, an older copy put in the place of the file: a client that had more hears what comes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-restored-'));
  const path = join(folder, 'events.db');
  const store = openSqlite(path);
  const mine = store.of('anna');
  try {
    await mine.insertEvents(boxEvents(3));
    const point = await mine.now();
    const file = new Sqlite(path);
    file.exec('UPDATE change_counter SET value = value - 1; UPDATE events SET change = 0');
    file.close();
    const { items, next } = await mine.changedSince(point, 100);
    expect(items).toEqual([]);
    await mine.patchEvent('e2', { keep: true }, 'anna');
    expect(await heard(mine, next)).toEqual(['e2']);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
