import type { Database } from '../../../database/database.ts';
import type { CameraSettings } from '../../../domain/kinds/camera.ts';
import type { EventStore } from './event-store.ts';
import { postgresEngine } from './postgres/engine.ts';
import type { StoreLog } from './store/insert-events.ts';
import { storeOver } from './store/store.ts';

/** Where cameras and events are kept: the service's own database, unless the settings name another. */
export function openEventStore(
  _settings: Pick<CameraSettings, 'DOUBLETAKE_EVENTS_DATABASE_URL'>,
  database: Database,
  log: StoreLog,
): EventStore {
  // Whoever opened the database closes it.
  return storeOver(
    postgresEngine(database, async () => {}),
    log,
  );
}
