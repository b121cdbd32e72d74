import { mkdtempSync, openAsBlob, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { PidFile } from '../../stack/processes/pid-file.ts';
import { Server } from '../../stack/servers/server.ts';
import { deleteSchedules } from './delete-schedules.ts';
import {
  createMigratedDatabase,
  createTestBucket,
  startOwnServers,
  type ThrowawayServers,
  testTaskQueue,
} from './servers.ts';
import { workflowBundlePath } from './workflow-bundle.ts';

/** A job as the API tells it; only what tests look at. */
export interface JobAnswer {
  id: string;
  session_id: string;
  status: string;
  phase: string;
  stage: string;
  progress_pct: number;
  error_message: string | null;
  workflow_id: string;
}

export interface Uploading {
  /** `technique` unless told. */
  kind?: string;
  options?: Record<string, unknown>;
  headers?: Record<string, string>;
  fileName?: string;
}

/**
 * The whole service as in production: the API and workers each a process of its own, which a test may kill and start
 * again, with a database, a bucket and a task queue of their own on the servers that all test files share.
 */
export interface RunningService {
  environment: Record<string, string>;
  api: Server;
  worker: Server;
  url(path: string): string;
  /** A further worker process; the test need not stop it. */
  addWorker(environment?: Record<string, string>): Server;
  upload(path: string, uploading?: Uploading): Promise<JobAnswer>;
  job(id: string): Promise<JobAnswer>;
  /** Waits until the job satisfies `wanted`. */
  until(id: string, wanted: (job: JobAnswer) => boolean): Promise<JobAnswer>;
  ended(id: string): Promise<JobAnswer>;
  read<T = Record<string, unknown>>(path: string, init?: RequestInit): Promise<T>;
  /** What all of its processes have logged. */
  logs(): string;
  stop(): Promise<void>;
}

/** A service whose PostgreSQL, Temporal and S3 a test may kill and start again, too. */
export interface ServiceOnOwnServers extends RunningService {
  servers: ThrowawayServers;
}

export interface ServiceOptions {
  environment?: Record<string, string>;
  /** Start without a worker; the test starts `worker` when it wants to. */
  idle?: boolean;
  /** Run what `npm run build` makes, as the image does; build first. */
  compiled?: boolean;
}

export async function startService(options: ServiceOptions = {}): Promise<RunningService> {
  const rooms = await openRooms();
  return startOn(rooms, options);
}

export async function startServiceOnOwnServers(options: ServiceOptions = {}): Promise<ServiceOnOwnServers> {
  const servers = await startOwnServers();
  const { environment, pids } = servers;
  await prepare(environment);
  const service = await startOn({ environment, pids, close: () => servers.stop() }, options);
  return { ...service, servers };
}

/** Where a service keeps what it has. */
interface Rooms {
  environment: Readonly<Record<string, string>>;
  pids: PidFile;
  close(): Promise<void>;
}

/** On the shared servers. */
async function openRooms(): Promise<Rooms> {
  const [database, bucket] = await Promise.all([createMigratedDatabase(), createTestBucket()]);
  const taskQueue = testTaskQueue('service');
  const shared = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'AWS_ENDPOINT_URL_S3', 'AWS_REGION'];
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  return {
    environment: {
      ...Object.fromEntries([...shared, ...keys].map((name) => [name, process.env[name] as string])),
      DATABASE_URL: database.url,
      DOUBLETAKE_BUCKET: bucket.name,
      DOUBLETAKE_TASK_QUEUE: taskQueue,
    },
    // Where the global set-up looks for what a run that was interrupted leaves behind.
    pids: new PidFile(
      join(mkdtempSync(join(process.env.DOUBLETAKE_TEST_RUN as string, 'service-')), 'pids.json'),
    ),
    async close() {
      await deleteSchedules(taskQueue);
      await Promise.all([database.drop(), bucket.remove()]);
    },
  };
}

async function startOn(rooms: Rooms, options: ServiceOptions): Promise<RunningService> {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-service-'));
  const environment = {
    ...rooms.environment,
    DOUBLETAKE_AUTH: 'off',
    DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
    DOUBLETAKE_RECONCILE_SECONDS: '2',
    DOUBLETAKE_SEGMENT_FRAMES: '60',
    ...(!options.compiled && { DOUBLETAKE_WORKFLOW_BUNDLE: await workflowBundlePath() }),
    ...options.environment,
  };
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const processOf = (name: string, script: string, port: string, more: Record<string, string>) =>
    new Server({
      name,
      ports: { main: 0 },
      launch: (ports) => ({
        name,
        command: process.execPath,
        args: ['--disable-warning=ExperimentalWarning', program(script, options.compiled ?? false)],
        env: {
          PATH,
          TMPDIR,
          NODE_COMPILE_CACHE,
          ...environment,
          ...more,
          [port]: portValue(port, ports.main),
        },
        log: join(folder, `${name}.log`),
        pids: rooms.pids,
        stopMs: 60_000,
      }),
      ready: async (ports) => {
        const path = name === 'api' ? '/health/live' : '/metrics';
        return (await fetch(`http://127.0.0.1:${ports.main}${path}`)).ok;
      },
    });
  const api = processOf('api', 'server', 'DOUBLETAKE_PORT', {});
  const workers: Server[] = [];
  const addWorker = (more: Record<string, string> = {}) => {
    const worker = processOf(`worker-${workers.length}`, 'worker', 'DOUBLETAKE_WORKER_METRICS', more);
    workers.push(worker);
    return worker;
  };
  const worker = addWorker();
  const stop = async () => {
    await Promise.allSettled([api.kill(), ...workers.map((one) => one.kill())]);
    await rooms.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([api.start(), ...(options.idle ? [] : [worker.start()])]);
  } catch (error) {
    await stop();
    throw error;
  }

  const url = (path: string) => `http://127.0.0.1:${api.port()}${path}`;
  const read = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const answer = await fetch(url(path), init);
    if (!answer.ok)
      throw new Error(`${init?.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const job = (id: string) => read<JobAnswer>(`/api/jobs/${id}`);
  const until = async (id: string, wanted: (job: JobAnswer) => boolean) => {
    for (;;) {
      const found = await job(id);
      if (wanted(found)) return found;
      await sleep(100);
    }
  };
  return {
    environment,
    api,
    worker,
    url,
    addWorker,
    upload: (path, uploading) => upload(url('/api/jobs'), path, uploading),
    job,
    until,
    ended: (id) => until(id, ({ phase }) => ['succeeded', 'failed', 'canceled'].includes(phase)),
    read,
    logs: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n'),
    stop,
  };
}

function program(name: string, compiled: boolean): string {
  return join(import.meta.dirname, '../..', compiled ? `dist/${name}.js` : `src/${name}.ts`);
}

function portValue(variable: string, port: number | undefined): string {
  return variable === 'DOUBLETAKE_WORKER_METRICS' ? `127.0.0.1:${port}` : String(port);
}

async function prepare(environment: Readonly<Record<string, string>>): Promise<void> {
  const database = await openDatabase(environment.DATABASE_URL as string);
  await migrateUp(database);
  await database.close();
  await withS3(environment, () =>
    openStore({ bucket: environment.DOUBLETAKE_BUCKET as string, forcePathStyle: true }).ensureBucket(),
  );
}

/** The AWS SDK reads its address from the environment when a client is made. */
export async function withS3<T>(
  environment: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env.AWS_ENDPOINT_URL_S3;
  process.env.AWS_ENDPOINT_URL_S3 = environment.AWS_ENDPOINT_URL_S3;
  try {
    return await work();
  } finally {
    process.env.AWS_ENDPOINT_URL_S3 = before;
  }
}

async function upload(
  address: string,
  path: string,
  { kind = 'technique', options = {}, headers = {}, fileName = basename(path) }: Uploading = {},
): Promise<JobAnswer> {
  const form = new FormData();
  form.set('kind', kind);
  form.set('options', JSON.stringify(options));
  form.set('file', await openAsBlob(path), fileName);
  const answer = await fetch(address, { method: 'POST', body: form, headers });
  const body = (await answer.json()) as JobAnswer & { detail?: string };
  if (answer.status !== 202) throw new Error(`${answer.status} ${body.detail}`);
  return body;
}
