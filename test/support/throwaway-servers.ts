import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../stack/binaries/find.ts';
import { temporalCli, versitygw } from '../../stack/binaries/programs.ts';
import { step } from '../../stack/bootstrap/progress.mjs';
import { send } from '../../stack/processes/leftovers.ts';
import { PidFile } from '../../stack/processes/pid-file.ts';
import { createPostgres, type Postgres } from '../../stack/servers/postgres.ts';
import { createS3, type S3, s3Region } from '../../stack/servers/s3.ts';
import type { Server } from '../../stack/servers/server.ts';
import { createTemporal, type Temporal } from '../../stack/servers/temporal.ts';

export interface ThrowawayServers {
  postgres: Postgres;
  temporal: Temporal;
  s3: S3;
  all: readonly Server[];
  /** For further processes of the same test: what is in it is ended with the run, whatever becomes of the test. */
  pids: PidFile;
  /** DATABASE_URL, TEMPORAL_ADDRESS, AWS_…: what `loadConfig` and the AWS SDK read. */
  environment: Readonly<Record<string, string>>;
  /** Stops all three and removes their data. */
  stop(): Promise<void>;
  /** The same at once, for a process that is ending. */
  drop(): void;
}

export interface ThrowawayOptions {
  /** Of S3; new ones unless told, so that a log in which the secret one is found has really told it. */
  keys?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Whether PostgreSQL waits for the disk, as it does where its data is to last. */
  flushed?: boolean;
}

/** Starts three servers on free ports with their data in `folder`, which is removed with them. */
export async function startThrowawayServers(
  folder: string,
  {
    keys = { accessKeyId: 'test', secretAccessKey: randomBytes(24).toString('hex') },
    flushed = false,
  }: ThrowawayOptions = {},
): Promise<ThrowawayServers> {
  // PostgreSQL's user passes through it when we are root.
  chmodSync(folder, 0o711);
  const pids = new PidFile(join(folder, 'pids.json'));
  const log = (name: string) => join(folder, `${name}.log`);
  const password = randomBytes(12).toString('hex');
  const bucket = 'doubletake';
  const postgres = createPostgres({
    folder: join(folder, 'postgres'),
    log: log('postgres'),
    password,
    throwaway: !flushed,
    pids,
  });
  const temporal = createTemporal({
    program: await findProgram(temporalCli, step),
    folder: join(folder, 'temporal'),
    log: log('temporal'),
    pids,
  });
  const s3 = createS3({
    program: await findProgram(versitygw, step),
    folder: join(folder, 's3'),
    log: log('s3'),
    ...keys,
    bucket,
    pids,
  });
  const all = [postgres, temporal, s3];
  const drop = () => {
    for (const { pid } of Object.values(pids.entries)) send(-pid, 'SIGKILL');
    postgres.discard();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  const stop = async () => {
    await Promise.all(all.map((server) => server.stop()));
    drop();
  };
  const started = await Promise.allSettled(all.map((server) => server.start()));
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const environment = {
    DATABASE_URL: postgres.url(),
    TEMPORAL_ADDRESS: temporal.address(),
    TEMPORAL_NAMESPACE: 'default',
    AWS_ENDPOINT_URL_S3: s3.endpoint(),
    AWS_REGION: s3Region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    DOUBLETAKE_BUCKET: bucket,
  };
  return { postgres, temporal, s3, all, pids, environment, stop, drop };
}
