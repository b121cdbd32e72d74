/** Database, bucket, relay and worker processes of a test file's own, on the shared or on given servers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { type Database, type DatabaseKinds, openDatabase } from '../../../src/database/database.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import { databaseKinds } from '../../../src/kinds/for-database.ts';
import { databaseOutbox } from '../../../src/relay/database-outbox.ts';
import { openRelay, type Relay } from '../../../src/relay/relay.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { deleteSchedules } from '../../support/delete-schedules.ts';
import { smallSample } from '../../support/media/shipped.ts';
import { createMigratedDatabase, createTestBucket, testTaskQueue } from '../../support/servers.ts';
import { workflowBundlePath } from '../../support/workflow-bundle.ts';

const root = new URL('../../../', import.meta.url).pathname;
/** What most tests submit: how sharp it is doesn't matter to them. */
export const squats = smallSample('squats.mp4');

export interface NewJob {
  user_id: string;
  options: Record<string, unknown>;
  webhook: { url: string };
}

export interface LogLine {
  msg: string;
  [field: string]: unknown;
}

export interface WorkerProcess {
  pid: number;
  lines: LogLine[];
  /** Rejects when the worker ends without having said it. */
  said(words: string, times?: number): Promise<LogLine>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface System {
  database: Database;
  store: ArtifactStore;
  bucket: string;
  client: Client;
  taskQueue: string;
  relay: Relay;
  /** What a worker of this system is started with. */
  environment: Readonly<Record<string, string>>;
  startWorker(environment?: Record<string, string>): Promise<WorkerProcess>;
  submit(
    path: string,
    options: Record<string, unknown>,
    userId?: string,
    webhook?: { url: string },
  ): Promise<Job>;
  /** The same for any kind and any bytes. */
  submitAs(
    kind: string,
    file: { name: string; bytes: Uint8Array; media_type: string },
    job?: Partial<NewJob>,
  ): Promise<Job>;
  job(id: string): Promise<Job>;
  /** Waits until `is` holds of the job. */
  until(id: string, is: (job: Job) => boolean, seconds?: number): Promise<Job>;
  close(): Promise<void>;
}

const quiet = { info() {}, warn() {}, error() {} };

/**
 * @param kinds other kinds than those that ship
 * @param program the worker's module: one that registers those kinds
 */
export async function startSystem(
  purpose: string,
  { kinds = databaseKinds, program = 'src/worker.ts' }: { kinds?: DatabaseKinds; program?: string } = {},
): Promise<System> {
  const [testDatabase, bucket] = await Promise.all([createMigratedDatabase(), createTestBucket()]);
  const scratch = mkdtempSync(join(tmpdir(), 'doubletake-test-scratch-'));
  const database = await openDatabase(testDatabase.url, { kinds });
  const store = openStore({ bucket: bucket.name, forcePathStyle: true });
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const client = new Client({ connection });
  const taskQueue = testTaskQueue(purpose);
  const relay = openRelay({ outbox: databaseOutbox(database), client, taskQueue, log: quiet, pollMs: 100 });
  const workers: WorkerProcess[] = [];
  const environment = {
    ...(process.env as Record<string, string>),
    DATABASE_URL: testDatabase.url,
    DOUBLETAKE_BUCKET: bucket.name,
    DOUBLETAKE_TASK_QUEUE: taskQueue,
    DOUBLETAKE_SCRATCH: scratch,
    DOUBLETAKE_WORKER_METRICS: 'off',
    DOUBLETAKE_RECONCILE_SECONDS: '1',
    DOUBLETAKE_WORKFLOW_BUNDLE: await workflowBundlePath(),
  };

  const job = async (id: string) => {
    const found = await findJob(database, id);
    if (!found) throw new Error(`no job ${id}`);
    return found;
  };
  async function submitAs(
    kind: string,
    { name, bytes, media_type }: { name: string; bytes: Uint8Array; media_type: string },
    { user_id = 'coach-7', options = {}, webhook }: Partial<NewJob> = {},
  ): Promise<Job> {
    const id = randomUUID();
    const original_key = `originals/${user_id}/${id}/${name}`;
    await store.put(original_key, bytes, { mediaType: media_type });
    const session = {
      ...{ id, user_id, original_key, file_name: name, media_type, bytes: bytes.length, sha256: null },
    };
    const accepted = await acceptJob(database, {
      session,
      job: {
        job_id: randomUUID(),
        user_id,
        kind,
        options: kinds.definitions.named(kind).options.parse(options),
        webhook,
      },
    });
    relay.wake();
    return accepted.job;
  }
  return {
    database,
    store,
    bucket: bucket.name,
    client,
    taskQueue,
    relay,
    job,
    environment,
    async startWorker(more = {}) {
      const worker = launch(program, { ...environment, ...more });
      workers.push(worker);
      await worker.said('worker is ready');
      return worker;
    },
    submit: (path, options, user_id, webhook) =>
      submitAs(
        'technique',
        { name: basename(path), bytes: readFileSync(path), media_type: 'video/mp4' },
        { options, ...(user_id && { user_id }), ...(webhook && { webhook }) },
      ),
    submitAs,
    async until(id, is, seconds = 110) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const now = await job(id);
        if (is(now)) return now;
        if (Date.now() > end) throw new Error(`waited ${seconds} s; the job is ${JSON.stringify(now)}`);
        await sleep(50);
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
      await Promise.all([relay.close(), deleteSchedules(taskQueue)]);
      await connection.close();
      await database.close();
      await Promise.all([bucket.remove(), testDatabase.drop()]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function launch(program: string, env: Record<string, string>): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', join(root, program)], {
    env,
    stdio: ['ignore', 'pipe', process.env.SHOW_WORKER ? 'inherit' : 'ignore'],
  });
  const lines: LogLine[] = [];
  const listeners = new Set<() => void>();
  let rest = '';
  let ended = false;
  const exited = once(child, 'exit').then(([code]) => {
    ended = true;
    for (const listener of listeners) listener();
    return code as number | null;
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    if (process.env.SHOW_WORKER) process.stderr.write(chunk);
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part));
    for (const listener of listeners) listener();
  });
  return {
    pid: child.pid as number,
    lines,
    said: (words, times = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.filter(({ msg }) => msg.includes(words))[times - 1];
          if (!found && !ended) return;
          listeners.delete(look);
          if (found) resolve(found);
          else
            reject(
              new Error(`the worker ended and never said "${words}": ${JSON.stringify(lines.slice(-5))}`),
            );
        };
        listeners.add(look);
        look();
      }),
    async stop(signal = 'SIGTERM') {
      if (!ended) child.kill(signal);
      return exited;
    },
  };
}
