import type { ApiDependencies } from '../../../api/dependencies.ts';
import { cameraSettings } from '../../../domain/kinds/camera.ts';
import type { EventStore } from '../events/event-store.ts';
import { openEventStore } from '../events/open-event-store.ts';

/** One for a server, whoever asks first: a file of SQLite is opened once. */
const stores = new WeakMap<object, EventStore>();

export function storeOf({ database, settings, log }: ApiDependencies): EventStore {
  const known = stores.get(database);
  if (known) return known;
  const opened = openEventStore(cameraSettings.parse(settings), database, log);
  stores.set(database, opened);
  return opened;
}
