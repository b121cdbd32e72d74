import { readFileSync } from 'node:fs';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { ActivityLog } from '../activities/activity-log.ts';
import { failureInterceptor } from '../activities/failure-interceptor.ts';
import type { Config } from '../config.ts';
import { type DatabaseKinds, openDatabase } from '../database/database.ts';
import { createKnownSecrets } from '../domain/known-secrets.ts';
import { credentialsIn } from '../domain/own-credentials.ts';
import { openStore } from '../storage/open-store.ts';
import { readyComputeKinds, readyLiveKinds } from './compute-kinds.ts';
import { connectPatiently } from './connect-patiently.ts';
import { installRuntime } from './install-runtime.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';
import { openLog } from './open-log.ts';
import { openSecrets } from './open-secrets.ts';
import { type ServedQueue, serveCompute, serveLive, serveMain } from './served-queues.ts';
import type { WorkflowCode } from './workflow-bundle.ts';

/** The kinds that a worker serves. */
export interface WorkerKinds {
  database: DatabaseKinds;
  atWork: KindsAtWork;
  /** Every workflow: as a bundle, or the module that exports them. */
  workflows(log: ActivityLog): WorkflowCode;
}

/** What is at work may finish for so long; after it, activities are told to stop and others take them up. */
const shutdown = { shutdownGraceTime: '10 seconds', shutdownForceTime: '20 seconds' } as const;

/**
 * The worker process: serves the main queue (workflows, light I/O), the compute queue, the live queue, or all, until it
 * is told to stop.
 */
export async function runWorker(config: Config, kinds: WorkerKinds): Promise<void> {
  const known = createKnownSecrets(credentialsIn(process.env));
  const log = openLog(config.logLevel, undefined, known.redact);
  const secrets = openSecrets(config.secretsFile, { known, log });
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { serve } = config.queues;
  const serves = (queue: typeof serve) => serve === 'all' || serve === queue;
  const served = Object.fromEntries(
    Object.entries(kinds.atWork).filter(([kind]) => config.kinds.includes(kind)),
  );

  installRuntime(log, config.workerMetrics);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort(signal));

  /** What is open, to be closed in the opposite order. */
  const closings: (() => Promise<void>)[] = [];

  try {
    const database = await openDatabase(config.database.url, {
      kinds: kinds.database,
      poolMax: config.database.poolMax,
      applicationName: 'doubletake-worker',
    });
    closings.unshift(() => database.close());
    const store = openStore(config.s3);
    const connection = await connectPatiently(
      () => NativeConnection.connect(config.temporal.connection),
      log,
      stopping.signal,
    );
    closings.unshift(() => connection.close());
    const common = {
      connection,
      namespace: config.temporal.namespace,
      ...shutdown,
      interceptors: { activity: [(context) => failureInterceptor(context, known)] },
      // How soon a cancellation reaches a decoder.
      maxHeartbeatThrottleInterval: '1 second',
    } satisfies Partial<WorkerOptions>;
    const workers: Worker[] = [];
    const add = async (queues: readonly ServedQueue[]) => {
      for (const queue of queues) {
        const worker = await Worker.create({ ...common, ...queue });
        workers.push(worker);
        closings.unshift(() => endUnrun(worker));
      }
    };
    const parts: SharedParts = { database, store, log, settings: config.ofKinds, secrets };
    // What may be missing is looked for before anything is begun.
    const settings = { modelsFolder: config.compute.models, settings: config.ofKinds };
    const computing = serves('compute') ? await readyComputeKinds(served, settings) : [];
    const live = serves('live') ? await readyLiveKinds(served, settings) : [];
    if (serves('main'))
      await add(
        await serveMain(config, { kinds: kinds.atWork, served }, kinds.workflows(log), connection, parts),
      );
    if (computing.length > 0) {
      const { queues, close } = serveCompute(config, computing, parts, version);
      closings.unshift(close);
      await add(queues);
    }
    if (live.length > 0) {
      const { queues, close } = serveLive(config, live, parts, version);
      closings.unshift(close);
      await add(queues);
    }
    if (workers.length === 0)
      throw new Error(
        `DOUBLETAKE_QUEUES is "${serve}", and no kind of DOUBLETAKE_KINDS (${config.kinds.join(', ')}) has anything on that queue.`,
      );
    const stop = () => {
      log.info({ signal: stopping.signal.reason }, 'stopping: what is at work may finish');
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    stopping.signal.addEventListener('abort', stop);
    log.info({ queues: workers.map(({ options }) => options.taskQueue) }, 'worker is ready');
    await Promise.all(
      workers.map(async (worker) => {
        if (stopping.signal.aborted) return;
        try {
          await worker.run();
        } finally {
          stopping.abort('a worker ended');
        }
      }),
    );
  } catch (error) {
    // Told to stop while it still waited for Temporal.
    if (error !== stopping.signal.reason) throw error;
  } finally {
    for (const close of closings) {
      // What went wrong before is what counts.
      await close().catch((error) => log.warn({ err: error }, 'could not be closed in order'));
    }
  }
  log.info({}, 'stopped');
}

/** A worker that was made but never run holds on to the connection, and only one that runs can be shut down. */
async function endUnrun(worker: Worker): Promise<void> {
  if (worker.getState() !== 'INITIALIZED') return;
  const ended = worker.run();
  worker.shutdown();
  await ended;
}
