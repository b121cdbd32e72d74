import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { type ApiClient, openApiClient } from '../src/cli/api-client.ts';
import { findProgram } from '../stack/binaries/find.ts';
import { temporalCli, versitygw } from '../stack/binaries/programs.ts';
import { step } from '../stack/bootstrap/progress.mjs';
import { createApi, createWorker } from '../stack/embedded/service-process.ts';
import { PidFile } from '../stack/processes/pid-file.ts';
import { createPostgres } from '../stack/servers/postgres.ts';
import { createS3, s3Region } from '../stack/servers/s3.ts';
import type { Server } from '../stack/servers/server.ts';
import { createTemporal } from '../stack/servers/temporal.ts';
import type { BenchRun } from './bench-run.ts';

const root = new URL('..', import.meta.url).pathname;

export interface Service {
  api: ApiClient;
  temporalAddress: string;
  /** As the API and the worker have it; S3's address and keys are in it. */
  environment: Readonly<Record<string, string>>;
  /** Undefined when started without one. */
  workerPid: number | undefined;
}

/** The service's bucket, for what the bench does there itself. The client is the caller's to destroy. */
export function bucketOf({ environment }: Service): { client: S3Client; name: string } {
  const client = new S3Client({
    endpoint: environment.AWS_ENDPOINT_URL_S3 as string,
    region: environment.AWS_REGION as string,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID as string,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY as string,
    },
  });
  return { client, name: environment.DOUBLETAKE_BUCKET as string };
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
  const programs: Server[] = [];
  try {
    await Promise.all(servers.map((server) => server.start()));
    const environment = {
      DATABASE_URL: postgres.url(),
      TEMPORAL_ADDRESS: temporal.address(),
      TEMPORAL_NAMESPACE: 'default',
      AWS_ENDPOINT_URL_S3: s3.endpoint(),
      AWS_REGION: s3Region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      DOUBLETAKE_BUCKET: 'doubletake',
      DOUBLETAKE_AUTH: 'off',
      DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
      DOUBLETAKE_LOG_LEVEL: 'warn',
    };
    await promisify(execFile)(process.execPath, [join(root, 'src/database/migrate.ts'), 'up'], {
      env: { ...process.env, ...environment },
    });
    const pids = new PidFile(join(folder, 'pids.json'));
    const server = createApi({ log: log('api'), pids, environment }, 0);
    const working = createWorker({ log: log('worker'), pids, environment }, 0);
    programs.push(...(worker ? [working, server] : [server]));
    await Promise.all(programs.map((program) => program.start()));
    const url = `http://127.0.0.1:${server.port()}`;
    const api = openApiClient(() => ({ url, origin: 'the bench' }), undefined);
    return await use({
      api,
      temporalAddress: temporal.address(),
      environment,
      workerPid: worker ? working.process.pid : undefined,
    });
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all(servers.map((one) => one.stop()));
    postgres.discard();
    await rm(folder, { recursive: true, force: true });
  }
}
