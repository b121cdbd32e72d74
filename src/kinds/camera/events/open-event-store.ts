import { resolve } from 'node:path';
import type { Database } from '../../../database/database.ts';
import type { CameraSettings } from '../../../domain/kinds/camera.ts';
import type { EventStore } from './event-store.ts';
import { postgresEngine } from './postgres/engine.ts';
import { sqliteEngine } from './sqlite/engine.ts';
import type { StoreLog } from './store/insert-events.ts';
import { storeOver } from './store/store.ts';

/** Where cameras and events are kept: in the service's own database, or in a SQLite file that the settings name. */
export function openEventStore(
  { DOUBLETAKE_EVENTS_DATABASE_URL: url }: Pick<CameraSettings, 'DOUBLETAKE_EVENTS_DATABASE_URL'>,
  database: Database,
  log: StoreLog,
): EventStore {
  // Whoever opened the service's database closes it.
  const engine = url === undefined ? postgresEngine(database, async () => {}) : sqliteEngine(pathOf(url));
  return storeOver(engine, log);
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
