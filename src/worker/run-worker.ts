import { readFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { ActivityLog } from '../activities/activity-log.ts';
import { failureInterceptor } from '../activities/failure-interceptor.ts';
import { makeMaintenanceActivities } from '../activities/maintenance/maintenance-activities.ts';
import { maintenanceNeeds } from '../activities/maintenance/maintenance-needs.ts';
import type { Config } from '../config.ts';
import { type DatabaseKinds, openDatabase } from '../database/database.ts';
import { createKnownSecrets } from '../domain/known-secrets.ts';
import { computeQueue, formerComputeQueue, liveQueue } from '../domain/task-queues.ts';
import { webhookQueue } from '../domain/webhook.ts';
import { registerSchedules } from '../maintenance/schedules.ts';
import { openSandboxes } from '../media/sandboxes.ts';
import { openStore } from '../storage/open-store.ts';
import { computeActivities } from './compute-activities.ts';
import { readyComputeKinds, taskModulesOf } from './compute-kinds.ts';
import { connectPatiently } from './connect-patiently.ts';
import { installRuntime } from './install-runtime.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';
import { mainActivities } from './main-activities.ts';
import { openLog } from './open-log.ts';
import { openRecords } from './open-records.ts';
import { openSecrets } from './open-secrets.ts';
import { webhookActivities } from './webhook-activities.ts';

/** The kinds that a worker serves. */
export interface WorkerKinds {
  database: DatabaseKinds;
  atWork: KindsAtWork;
  /** Every workflow: as a bundle, or the module that exports them. */
  workflows(log: ActivityLog): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'>;
}

/** What is at work may finish for so long; after it, activities are told to stop and others take them up. */
const shutdown = { shutdownGraceTime: '10 seconds', shutdownForceTime: '20 seconds' } as const;

/**
 * The worker process: serves the main queue (workflows, light I/O), the compute queue, the live queue, or all, until it
 * is told to stop.
 */
export async function runWorker(config: Config, kinds: WorkerKinds): Promise<void> {
  const known = createKnownSecrets();
  const log = openLog(config.logLevel, undefined, known.redact);
  const secrets = openSecrets(config.secretsFile, { known, log });
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { serve, main } = config.queues;
  const serves = (queue: typeof serve) => serve === 'all' || serve === queue;
  const atWork = Object.fromEntries(
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
    const add = async (options: Omit<WorkerOptions, keyof typeof common>) => {
      const worker = await Worker.create({ ...common, ...options });
      workers.push(worker);
      closings.unshift(() => endUnrun(worker));
    };
    const parts: SharedParts = { database, store, log, settings: config.ofKinds, secrets };
    // What may be missing is looked for before anything is begun.
    const computing = serves('compute')
      ? await readyComputeKinds(atWork, { modelsFolder: config.compute.models, settings: config.ofKinds })
      : [];
    if (serves('main')) {
      // On the worker's own connection: one a process.
      const client = new Client({ connection, namespace: config.temporal.namespace });
      await registerSchedules(client, {
        taskQueue: main,
        reconcileSeconds: config.reconcileSeconds,
        retentionDays: config.retentionDays,
        orphanGraceHours: config.orphanGraceHours,
        more: Object.values(atWork).flatMap((kind) => kind.schedules?.(config.ofKinds) ?? []),
      });
      // Rows of every kind are kept in step, also of those that this worker takes no jobs of.
      const recordsOf = openRecords(kinds.atWork, parts);
      await add({
        taskQueue: main,
        ...kinds.workflows(log),
        activities: {
          ...mainActivities(kinds.atWork, recordsOf, parts),
          ...makeMaintenanceActivities(
            maintenanceNeeds({ database, store, client, taskQueue: main, recordsOf, log }),
          ),
        },
      });
      await add({
        taskQueue: webhookQueue(main),
        activities: webhookActivities({ database, log, webhook: config.webhook }),
      });
    }
    if (computing.length > 0) {
      const { concurrency } = config.compute;
      const sandboxes = openSandboxes({
        modules: taskModulesOf(computing),
        size: concurrency,
        onRetry: (lost, tries) =>
          log.warn({ err: lost, task: lost.task, tries }, 'a child process was lost; trying again'),
      });
      closings.unshift(() => sandboxes.close());
      const activities = computeActivities(computing, {
        ...parts,
        ...config.compute,
        pools: sandboxes.pools,
        bucket: config.s3.bucket,
        limits: config.limits,
        softwareVersion: version,
      });
      // Activities that were scheduled by the version before wait under the queue's former name.
      for (const taskQueue of [computeQueue(main), formerComputeQueue(main)])
        await add({ taskQueue, maxConcurrentActivityTaskExecutions: concurrency, activities });
    }
    const live = Object.assign(
      {},
      ...Object.values(atWork).map((kind) => kind.live?.({ ...parts, slots: config.queues.liveSlots })),
    );
    if (serves('live') && Object.keys(live).length > 0) {
      await add({
        taskQueue: liveQueue(main),
        maxConcurrentActivityTaskExecutions: config.queues.liveSlots,
        activities: live,
      });
    }
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
