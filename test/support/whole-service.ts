import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { createApi, createWorker } from '../../stack/embedded/service-process.ts';
import type { Server } from '../../stack/servers/server.ts';
import { startThrowawayServers, type ThrowawayOptions, type ThrowawayServers } from './throwaway-servers.ts';

/** Doubletake on servers of its own, for commands that disturb, attack or measure it: each part is a process. */
export interface WholeService {
  /** DATABASE_URL, TEMPORAL_ADDRESS, AWS_…: as the API and the workers have it. */
  environment: Readonly<Record<string, string>>;
  servers: ThrowawayServers;
  api: Server;
  /** `worker-0` and so on. */
  workers: readonly Server[];
  apiUrl(): string;
  /** The log of the API or of a worker. */
  log(name: string): string;
  /** Ends the API and the workers in order, then the servers, and removes their data. */
  stop(): Promise<void>;
}

/** @param folder logs, scratch folders and the servers' data are kept there; the caller removes it */
export async function startWholeService(
  folder: string,
  settings: { workers: number; environment: Record<string, string>; servers?: ThrowawayOptions },
): Promise<WholeService> {
  const servers = await startThrowawayServers(await mkdtemp(join(folder, 'servers-')), settings.servers);
  const environment: Record<string, string> = { ...servers.environment, ...settings.environment };
  const log = (name: string) => join(folder, `${name}.log`);
  const optionsOf = (name: string) => ({
    name,
    log: log(name),
    pids: servers.pids,
    environment: { ...environment, DOUBLETAKE_SCRATCH: join(folder, 'scratch', name) },
  });
  const api = createApi(optionsOf('api'), 0);
  const workers = Array.from({ length: settings.workers }, (_, n) =>
    createWorker(optionsOf(`worker-${n}`), 0),
  );
  const stop = async () => {
    await Promise.all([api.stop(), ...workers.map((worker) => worker.stop())]);
    await servers.stop();
  };
  try {
    const database = await openDatabase(environment.DATABASE_URL as string);
    await migrateUp(database).finally(() => database.close());
    await Promise.all([api, ...workers].map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment, servers, api, workers, apiUrl: () => `http://127.0.0.1:${api.port()}`, log, stop };
}
