import { Client } from '@temporalio/client';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { makeMaintenanceActivities } from '../activities/maintenance/maintenance-activities.ts';
import { maintenanceNeeds } from '../activities/maintenance/maintenance-needs.ts';
import type { Config } from '../config.ts';
import type { ChildLost } from '../domain/child-lost.ts';
import { computeQueue, formerComputeQueue, liveQueue } from '../domain/task-queues.ts';
import { webhookQueue } from '../domain/webhook.ts';
import { registerSchedules } from '../maintenance/schedules.ts';
import { openSandboxes } from '../media/sandboxes.ts';
import { computeActivities } from './compute-activities.ts';
import { type ComputeKind, type LiveKind, taskModulesOf } from './compute-kinds.ts';
import type { KindsAtWork, LiveParts, SharedParts } from './kind-at-work.ts';
import { mainActivities } from './main-activities.ts';
import { mergeActivities } from './merge-activities.ts';
import { openRecords } from './open-records.ts';
import { webhookActivities } from './webhook-activities.ts';
import type { WorkflowCode } from './workflow-bundle.ts';

/** What one of the process's workers serves. */
export type ServedQueue = Pick<
  WorkerOptions,
  'taskQueue' | 'activities' | 'maxConcurrentActivityTaskExecutions'
> &
  Partial<WorkflowCode>;

/**
 * The main queue and the webhooks', after the schedules are made.
 * @param kinds all of them: their rows are kept in step, also where this worker takes no jobs of a kind
 * @param served those of which this worker takes jobs
 */
export async function serveMain(
  config: Config,
  { kinds, served }: { kinds: KindsAtWork; served: KindsAtWork },
  workflows: WorkflowCode,
  connection: NativeConnection,
  parts: SharedParts,
): Promise<ServedQueue[]> {
  const { database, store, log } = parts;
  const { main } = config.queues;
  // On the worker's own connection: one a process.
  const client = new Client({ connection, namespace: config.temporal.namespace });
  await registerSchedules(client, {
    taskQueue: main,
    reconcileSeconds: config.reconcileSeconds,
    retentionDays: config.retentionDays,
    orphanGraceHours: config.orphanGraceHours,
    more: Object.values(served).flatMap((kind) => kind.schedules?.(parts.settings) ?? []),
  });
  const recordsOf = openRecords(kinds, parts);
  const needs = maintenanceNeeds({ database, store, client, taskQueue: main, recordsOf, log });
  return [
    {
      taskQueue: main,
      ...workflows,
      activities: { ...mainActivities(kinds, recordsOf, parts), ...makeMaintenanceActivities(needs) },
    },
    {
      taskQueue: webhookQueue(main),
      activities: webhookActivities({ database, log, webhook: config.webhook }),
    },
  ];
}

/** The compute queue, with its child processes; `close` ends them. */
export function serveCompute(
  config: Config,
  kinds: readonly ComputeKind[],
  parts: SharedParts,
  softwareVersion: string,
): { queues: ServedQueue[]; close(): Promise<void> } {
  const { concurrency } = config.compute;
  const sandboxes = openSandboxes({
    modules: taskModulesOf(kinds),
    size: concurrency,
    onRetry: retryLogger(parts.log),
  });
  const activities = computeActivities(kinds, {
    ...parts,
    ...config.compute,
    pools: sandboxes.pools,
    bucket: config.s3.bucket,
    limits: config.limits,
    softwareVersion,
  });
  const { main } = config.queues;
  // Activities that the version before has scheduled wait under the queue's former name.
  const queues = [computeQueue(main), formerComputeQueue(main)].map((taskQueue) => ({
    ...{ taskQueue, activities, maxConcurrentActivityTaskExecutions: concurrency },
  }));
  return { queues, close: () => sandboxes.close() };
}

/**
 * The live queue, where a kind has activities for it. Its child processes are its own, one for each slot, so that live
 * sources and recordings do not wait for each other's.
 */
export function serveLive(
  config: Config,
  kinds: readonly LiveKind[],
  parts: SharedParts,
  softwareVersion: string,
): { queues: ServedQueue[]; close(): Promise<void> } {
  const { main, liveSlots: slots } = config.queues;
  if (kinds.length === 0) return { queues: [], close: async () => {} };
  const sandboxes = openSandboxes({
    modules: kinds.flatMap(({ tasks }) => tasks ?? []),
    size: slots,
    // Most workers read fewer sources than they have slots.
    starts: 'one by one',
    onRetry: retryLogger(parts.log),
  });
  const { scratch } = config.compute;
  const shared: LiveParts = {
    ...{ ...parts, slots, scratch, softwareVersion },
    pools: sandboxes.pools,
    limits: config.limits,
  };
  const activities = mergeActivities(kinds.map((kind) => kind.activities(shared)));
  const queue = { taskQueue: liveQueue(main), activities, maxConcurrentActivityTaskExecutions: slots };
  return { queues: [queue], close: () => sandboxes.close() };
}

function retryLogger(log: SharedParts['log']) {
  return (lost: ChildLost, tries: number) =>
    log.warn({ err: lost, task: lost.task, tries }, 'a child process was lost; trying again');
}
