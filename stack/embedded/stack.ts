import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { findProgram } from '../binaries/find.ts';
import { temporalCli, versitygw } from '../binaries/programs.ts';
import { step } from '../bootstrap/progress.mjs';
import { PidFile } from '../processes/pid-file.ts';
import { createPostgres } from '../servers/postgres.ts';
import { createS3, s3Region } from '../servers/s3.ts';
import type { Server } from '../servers/server.ts';
import { createTemporal } from '../servers/temporal.ts';
import { type DataFolder, writeWhole } from './data-folder.ts';
import { createApi, createWorker } from './service-process.ts';

/** What `stack.json` says while the stack is ready. */
export interface StackFile {
  api_url: string;
  temporal_address: string;
  temporal_ui_url: string;
  database_url: string;
  s3_endpoint: string;
  /** By name: `supervisor`, `postgres`, `temporal`, `s3`, `api`, `worker`. */
  pids: Record<string, number>;
}

export interface EmbeddedStack {
  /** PostgreSQL, Temporal, S3: without one of them nothing goes on. */
  servers: readonly Server[];
  /** API and worker: may end and be started again. */
  services: readonly Server[];
  /** Writes `stack.json` with the pids of now. */
  announce(): StackFile;
  /** Stops what was started, what leans on others first. */
  stop(): Promise<void>;
  /** SIGKILL for all, for people in a hurry. */
  kill(): Promise<void>;
}

/** Ports people know; each is moved to a free one when taken. */
const ports = { api: 3000, temporal: 7233, temporalUi: 8233, postgres: 5433, s3: 9000 };
const bucket = 'doubletake';

/** Defines the stack; `start` brings it up. */
export async function startStack(data: DataFolder): Promise<EmbeddedStack> {
  const { secrets } = data;
  const pids = new PidFile(data.pids);
  const postgres = createPostgres({
    folder: join(data.path, 'postgres'),
    log: data.log('postgres'),
    password: secrets.databasePassword,
    port: ports.postgres,
    pids,
  });
  const temporal = createTemporal({
    program: await findProgram(temporalCli, step),
    folder: join(data.path, 'temporal'),
    log: data.log('temporal'),
    port: ports.temporal,
    uiPort: ports.temporalUi,
    pids,
  });
  const s3 = createS3({
    program: await findProgram(versitygw, step),
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
  const end = async (how: 'stop' | 'kill') => {
    rmSync(data.stackFile, { force: true });
    await Promise.all(services.map((one) => one[how]()));
    await Promise.all(servers.map((one) => one[how]()));
    pids.delete();
  };

  try {
    await step('PostgreSQL, Temporal and S3', () => allOrFirstFailure(servers));
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
    const worker = createWorker({ log: data.log('worker'), pids, environment });
    services = [worker, api];
    await step('API and worker', () => allOrFirstFailure(services));
    return {
      servers,
      services,
      announce() {
        const running = everything().map((one) => [one.name, one.process.pid] as const);
        const file: StackFile = {
          api_url: `http://127.0.0.1:${api.port()}`,
          temporal_address: temporal.address(),
          temporal_ui_url: temporal.uiUrl(),
          database_url: postgres.url(),
          s3_endpoint: s3.endpoint(),
          pids: { supervisor: process.pid, ...Object.fromEntries(running) },
        };
        // It holds the database's password.
        writeWhole(data.stackFile, file, 0o600);
        return file;
      },
      stop: () => end('stop'),
      kill: () => end('kill'),
    };
  } catch (error) {
    await end('stop');
    throw error;
  }
}

/** Waits for all to settle, so that none is still starting when the first failure is told. */
async function allOrFirstFailure(servers: readonly Server[]): Promise<void> {
  const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase(url, { applicationName: 'doubletake-migrate' });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
}
