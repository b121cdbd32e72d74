import { resolve } from 'node:path';
import { type Database, openDatabase } from '../../../database/database.ts';
import { migrateUp } from '../../../database/migrate.ts';
import type { CameraSettings } from '../../../domain/kinds/camera.ts';
import type { EventStore } from './event-store.ts';
import { postgresEngine } from './postgres/engine.ts';
import { sqliteEngine } from './sqlite/engine.ts';
import type { Engine } from './store/engine.ts';
import type { StoreLog } from './store/insert-events.ts';
import { storeOver } from './store/store.ts';

/** Where cameras and events are kept: in the service's own database, unless the settings name another. */
export async function openEventStore(
  { DOUBLETAKE_EVENTS_DATABASE_URL: url }: Pick<CameraSettings, 'DOUBLETAKE_EVENTS_DATABASE_URL'>,
  database: Database,
  log: StoreLog,
): Promise<EventStore> {
  return storeOver(await engineFor(url, database), log);
}

async function engineFor(url: string | undefined, database: Database): Promise<Engine> {
  // Whoever opened the service's database closes it.
  if (url === undefined) return postgresEngine(database, async () => {});
  if (url.startsWith('sqlite:')) return sqliteEngine(pathOf(url));
  const other = await openDatabase(url, { applicationName: 'doubletake-events' });
  await migrateUp(other);
  return postgresEngine(other, () => other.close());
}

/** Of `sqlite:events.db`, `sqlite:/var/lib/events.db` or `sqlite:///var/lib/events.db`. */
function pathOf(url: string): string {
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === ':memory:' || path.startsWith('//'))
    throw new Error(
      `DOUBLETAKE_EVENTS_DATABASE_URL names no file: ${url}. Write sqlite: and the path of a file, such as sqlite:/var/lib/doubletake/events.db.`,
    );
  return resolve(path);
}
