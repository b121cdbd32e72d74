import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { failureInterceptor } from './activities/failure-interceptor.ts';
import { makeMaintenanceActivities } from './activities/maintenance/maintenance-activities.ts';
import { maintenanceNeeds } from './activities/maintenance/maintenance-needs.ts';
import { openDatabase } from './database/database.ts';
import { webhookQueue } from './domain/webhook.ts';
import { registerSchedules } from './maintenance/schedules.ts';
import { openSandboxes } from './media/sandboxes.ts';
import { openStore } from './storage/open-store.ts';
import { usableConfig } from './usable-config.ts';
import { connectPatiently } from './worker/connect-patiently.ts';
import { installRuntime } from './worker/install-runtime.ts';
import { mainActivities } from './worker/main-activities.ts';
import { openLog } from './worker/open-log.ts';
import { visionActivities } from './worker/vision-activities.ts';
import { readyVisionKinds, taskModulesOf } from './worker/vision-kinds.ts';
import { webhookActivities } from './worker/webhook-activities.ts';

/** The worker process: serves the main queue (workflows, light I/O), the vision queue, or both. */

const config = usableConfig();
const log = openLog(config.logLevel);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { serve, main, vision } = config.queues;

installRuntime(log, config.workerMetrics);
const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort(signal));

/** What is open, to be closed in the opposite order. */
const closings: (() => Promise<void>)[] = [];

try {
  const database = await openDatabase(config.database.url, {
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
    /** What is at work may finish for so long; after it, activities are told to stop and others take them up. */
    shutdownGraceTime: '10 seconds',
    shutdownForceTime: '20 seconds',
    interceptors: { activity: [failureInterceptor] },
    // How soon a cancellation reaches the decoder.
    maxHeartbeatThrottleInterval: '1 second',
  } satisfies Partial<WorkerOptions>;
  const workers: Worker[] = [];
  const add = async (options: Omit<WorkerOptions, keyof typeof common>) => {
    const worker = await Worker.create({ ...common, ...options });
    workers.push(worker);
    closings.unshift(() => endUnrun(worker));
  };
  // What may be missing is looked for before anything is begun.
  const visionKinds =
    serve === 'main' ? null : await readyVisionKinds({ modelsFolder: config.vision.models });
  if (serve !== 'vision') {
    // On the worker's own connection: one a process.
    const client = new Client({ connection, namespace: config.temporal.namespace });
    await registerSchedules(client, {
      taskQueue: main,
      reconcileSeconds: config.reconcileSeconds,
      retentionDays: config.retentionDays,
      orphanGraceHours: config.orphanGraceHours,
    });
    const workflows = import.meta.filename.endsWith('.ts') ? 'index.ts' : 'index.js';
    await add({
      taskQueue: main,
      workflowsPath: fileURLToPath(new URL(`./workflows/${workflows}`, import.meta.url)),
      activities: {
        ...mainActivities({ database, store, log }),
        ...makeMaintenanceActivities(maintenanceNeeds({ database, store, client, taskQueue: main, log })),
      },
    });
    await add({
      taskQueue: webhookQueue(main),
      activities: webhookActivities({ database, log, webhook: config.webhook }),
    });
  }
  if (visionKinds) {
    const sandboxes = openSandboxes({
      modules: taskModulesOf(visionKinds),
      size: config.vision.concurrency,
      onRetry: (lost, tries) =>
        log.warn({ err: lost, task: lost.task, tries }, 'a child process was lost; trying again'),
    });
    closings.unshift(() => sandboxes.close());
    await add({
      taskQueue: vision,
      maxConcurrentActivityTaskExecutions: config.vision.concurrency,
      activities: visionActivities(visionKinds, {
        database,
        store,
        log,
        pools: sandboxes.pools,
        bucket: config.s3.bucket,
        scratch: config.vision.scratch,
        cacheBytes: config.vision.cacheBytes,
        segmentFrames: config.vision.segmentFrames,
        concurrency: config.vision.concurrency,
        limits: config.limits,
        softwareVersion: version,
      }),
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

/** A worker that was made but never run holds on to the connection, and only one that runs can be shut down. */
async function endUnrun(worker: Worker): Promise<void> {
  if (worker.getState() !== 'INITIALIZED') return;
  const ended = worker.run();
  worker.shutdown();
  await ended;
}
