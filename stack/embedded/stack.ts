import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { identify } from '../../src/system/process-identity.ts';
import { findProgram } from '../binaries/find.ts';
import { temporalCli, versitygw } from '../binaries/programs.ts';
import { step } from '../bootstrap/progress.mjs';
import { PidFile } from '../processes/pid-file.ts';
import { createPostgres } from '../servers/postgres.ts';
import { createS3, s3Region } from '../servers/s3.ts';
import type { Server } from '../servers/server.ts';
import { createTemporal } from '../servers/temporal.ts';
import { type DataFolder, writeWhole } from './data-folder.ts';
import { keepPorts, portsOfLastStart } from './kept-ports.ts';
import { createApi, createWorker } from './service-process.ts';

/** What `stack.json` says while the stack is ready. */
export interface StackFile {
  /** Of this file when it was written: a copy of it elsewhere does not count. */
  folder: string;
  api_url: string;
  temporal_address: string;
  temporal_ui_url: string;
  database_url: string;
  s3_endpoint: string;
  s3_bucket: string;
  s3_access_key_id: string;
  s3_secret_access_key: string;
  /** By name: `supervisor`, `postgres`, `temporal`, `s3`, `api`, `worker`. */
  pids: Record<string, number>;
  /** When each of them was started, as `ProcessIdentity` has it: the command believes no number alone. */
  started: Record<string, string>;
}

export interface EmbeddedStack {
  /** PostgreSQL, Temporal, S3: without one of them nothing goes on. */
  servers: readonly Server[];
  /** API and worker: may end and be started again. */
  services: readonly Server[];
  /** Path of the log of a server or service. */
  log(name: string): string;
  /** Writes `stack.json` with the pids of now. */
  announce(): StackFile;
  /** Stops what was started, what leans on others first. */
  stop(): Promise<void>;
}

const bucket = 'doubletake';

/**
 * Brings the stack up; when `stopping` fires meanwhile, takes down what was started and rejects.
 *
 * @throws when a program is missing, or a server or service is not ready in time; nothing is left running then
 */
export async function startStack(
  data: DataFolder,
  stopping = new AbortController().signal,
): Promise<EmbeddedStack> {
  const { secrets } = data;
  const ports = await portsOfLastStart(data.ports);
  const pids = new PidFile(data.pids);
  const postgres = createPostgres({
    folder: join(data.path, 'postgres'),
    log: data.log('postgres'),
    password: secrets.databasePassword,
    port: ports.postgres,
    pids,
  });
  const temporal = createTemporal({
    program: await findProgram(temporalCli, step, { signal: stopping }),
    folder: join(data.path, 'temporal'),
    log: data.log('temporal'),
    port: ports.temporal,
    uiPort: ports.temporalUi,
    pids,
  });
  const s3 = createS3({
    program: await findProgram(versitygw, step, { signal: stopping }),
    folder: join(data.path, 's3'),
    log: data.log('s3'),
    accessKeyId: secrets.s3AccessKeyId,
    secretAccessKey: secrets.s3SecretAccessKey,
    bucket,
    port: ports.s3,
    pids,
  });
  const servers = [postgres, temporal, s3];
  let services: Server[] = [];
  const everything = () => [...services, ...servers];
  const end = async () => {
    rmSync(data.stackFile, { force: true });
    await Promise.all(services.map((one) => one.stop()));
    await Promise.all(servers.map((one) => one.stop()));
    pids.delete();
  };

  try {
    await step('PostgreSQL, Temporal and S3', () => allStarted(servers, stopping));
    await step('Database schema', () => migrate(postgres.url()));
    const environment = {
      DATABASE_URL: postgres.url(),
      TEMPORAL_ADDRESS: temporal.address(),
      TEMPORAL_NAMESPACE: 'default',
      AWS_ENDPOINT_URL_S3: s3.endpoint(),
      AWS_REGION: s3Region,
      AWS_ACCESS_KEY_ID: secrets.s3AccessKeyId,
      AWS_SECRET_ACCESS_KEY: secrets.s3SecretAccessKey,
      DOUBLETAKE_BUCKET: bucket,
      // Nobody but this machine reaches it.
      DOUBLETAKE_HOST: '127.0.0.1',
      DOUBLETAKE_AUTH: 'off',
      DOUBLETAKE_SCRATCH: join(data.path, 'scratch'),
      DOUBLETAKE_TEMPORAL_UI_URL: temporal.uiUrl(),
    };
    const api = createApi({ log: data.log('api'), pids, environment }, ports.api);
    const worker = createWorker({ log: data.log('worker'), pids, environment }, ports.metrics);
    services = [worker, api];
    await step('API and worker', () => allStarted(services, stopping));
    keepPorts(data.ports, {
      api: api.port(),
      temporal: temporal.port(),
      temporalUi: temporal.port('ui'),
      postgres: postgres.port(),
      s3: s3.port(),
      metrics: worker.port(),
    });
    return {
      servers,
      services,
      log: data.log,
      announce() {
        const numbers = {
          supervisor: process.pid,
          ...Object.fromEntries(everything().map((one) => [one.name, one.process.pid])),
        };
        const started = Object.entries(numbers).flatMap(([name, pid]) => {
          const identity = identify(pid);
          return identity ? [[name, identity.started]] : [];
        });
        const file: StackFile = {
          folder: realpathSync(data.path),
          api_url: `http://127.0.0.1:${api.port()}`,
          temporal_address: temporal.address(),
          temporal_ui_url: temporal.uiUrl(),
          database_url: postgres.url(),
          s3_endpoint: s3.endpoint(),
          s3_bucket: bucket,
          s3_access_key_id: secrets.s3AccessKeyId,
          s3_secret_access_key: secrets.s3SecretAccessKey,
          pids: numbers,
          started: Object.fromEntries(started),
        };
        // It holds passwords.
        writeWhole(data.stackFile, file, 0o600);
        return file;
      },
      stop: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits for all to settle, so that none is still starting when the first failure is told. */
async function allStarted(servers: readonly Server[], stopping: AbortSignal): Promise<void> {
  stopping.throwIfAborted();
  const stop = () => {
    for (const server of servers) void server.stop();
  };
  stopping.addEventListener('abort', stop, { once: true });
  const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
  stopping.removeEventListener('abort', stop);
  stopping.throwIfAborted();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase(url, {
    applicationName: 'doubletake-migrate',
    // A migration of much data takes as long as it takes.
    statementTimeoutMs: 0,
  });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
}
