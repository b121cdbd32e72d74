import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ApiClient, openApiClient } from '../src/cli/api-client.ts';
import { findProgram } from '../stack/binaries/find.ts';
import { temporalCli, versitygw } from '../stack/binaries/programs.ts';
import { step } from '../stack/bootstrap/progress.mjs';
import { freePort } from '../stack/ports.ts';
import { type ServerProcess, startProcess } from '../stack/processes/server-process.ts';
import { createPostgres } from '../stack/servers/postgres.ts';
import { createS3, s3Region } from '../stack/servers/s3.ts';
import { createTemporal } from '../stack/servers/temporal.ts';
import type { BenchRun } from './bench-run.ts';

const root = new URL('..', import.meta.url).pathname;
const READY_MS = 60_000;

export interface Service {
  api: ApiClient;
  temporalAddress: string;
  /** As the API and the worker have it; S3's address and keys are in it. */
  environment: Readonly<Record<string, string>>;
  /** Undefined when started without one. */
  workerPid: number | undefined;
}

/**
 * Doubletake as `npm start` runs it (same servers, same settings, data on disk and flushed), on free ports and
 * with data of its own, for as long as `use` takes.
 */
export async function withService<T>(
  { scratch }: BenchRun,
  { worker }: { worker: boolean },
  use: (service: Service) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(scratch, 'service-'));
  const log = (name: string) => join(folder, `${name}.log`);
  const keys = { accessKeyId: 'bench', secretAccessKey: 'only-for-the-bench' };
  const postgres = createPostgres({
    folder: join(folder, 'postgres'),
    log: log('postgres'),
    password: 'bench',
  });
  const temporal = createTemporal({
    program: await findProgram(temporalCli, step),
    folder: join(folder, 'temporal'),
    log: log('temporal'),
  });
  const s3 = createS3({
    program: await findProgram(versitygw, step),
    folder: join(folder, 's3'),
    log: log('s3'),
    ...keys,
    bucket: 'doubletake',
  });
  const servers = [postgres, temporal, s3];
  const programs: ServerProcess[] = [];
  try {
    await Promise.all(servers.map((server) => server.start()));
    const port = await freePort();
    const environment = {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      DATABASE_URL: postgres.url(),
      TEMPORAL_ADDRESS: temporal.address(),
      TEMPORAL_NAMESPACE: 'default',
      AWS_ENDPOINT_URL_S3: s3.endpoint(),
      AWS_REGION: s3Region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      DOUBLETAKE_BUCKET: 'doubletake',
      DOUBLETAKE_AUTH: 'off',
      DOUBLETAKE_PORT: String(port),
      DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
      DOUBLETAKE_WORKER_METRICS: 'off',
      DOUBLETAKE_LOG_LEVEL: 'warn',
    };
    const start = async (name: string, script: string) => {
      const args = [join(root, 'src', script)];
      const program = await startProcess({
        name,
        command: process.execPath,
        args,
        env: environment,
        log: log(name),
      });
      programs.push(program);
      return program;
    };
    await promisify(execFile)(process.execPath, [join(root, 'src/database/migrate.ts'), 'up'], {
      env: environment,
    });
    const server = await start('api', 'server.ts');
    const workerProgram = worker ? await start('worker', 'worker.ts') : undefined;
    const api = openApiClient({ url: `http://127.0.0.1:${port}`, origin: 'the bench' }, undefined);
    await untilReady(api, server);
    return await use({
      api,
      temporalAddress: temporal.address(),
      environment,
      workerPid: workerProgram?.pid,
    });
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all(servers.map((one) => one.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilReady(api: ApiClient, server: ServerProcess): Promise<void> {
  for (const until = Date.now() + READY_MS; ; await pause(100)) {
    try {
      await api.open('/health/ready');
      return;
    } catch (error) {
      if (Date.now() < until && server.isRunning()) continue;
      throw new Error(
        `The API did not become ready: ${(error as Error).message}\n${server.output().slice(-2000)}`,
      );
    }
  }
}
