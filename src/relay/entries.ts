import type { Client } from '@temporalio/client';
import { deliverCancel } from './deliver-cancel.ts';
import type { Outbox } from './outbox.ts';
import { startDeletionWorkflow } from './start-deletion-workflow.ts';
import { startJobWorkflow } from './start-job-workflow.ts';
import { startWebhookWorkflow } from './start-webhook-workflow.ts';

/** One row of the outbox on its way to Temporal. */
export interface Entry {
  what: 'job' | 'deletion' | 'cancel' | 'webhook';
  id: string;
  /** @returns false when it has to be told again later */
  tell(): Promise<boolean>;
  tickOff(): Promise<void>;
}

export interface EntrySource {
  outbox: Outbox;
  client: Client;
  taskQueue: string;
  log: { info(fields: object, message: string): void };
}

/** What waits for Temporal, at most `limit` of each sort. */
export async function readEntries(source: EntrySource, limit: number): Promise<Entry[]> {
  const { outbox, client, taskQueue, log } = source;
  const [jobs, deletions, cancels, webhooks] = await Promise.all([
    outbox.undispatchedJobs(limit),
    outbox.undispatchedDeletions(limit),
    outbox.cancelRequests(limit),
    outbox.undispatchedWebhooks(limit),
  ]);
  return [
    ...jobs.map((job): Entry => {
      const { job_id, attempt, workflow_id } = job;
      return {
        what: 'job',
        id: job_id,
        async tell() {
          outbox.assertKnownKind(job.kind);
          const outcome = await startJobWorkflow(
            client,
            taskQueue,
            job,
            await outbox.fileName(job.session_id),
          );
          if (outcome !== 'waits') log.info({ job_id, attempt, workflow_id }, `relay: workflow ${outcome}`);
          return outcome !== 'waits';
        },
        tickOff: () => outbox.markDispatched(job_id, attempt),
      };
    }),
    ...deletions.map(
      ({ id }): Entry => ({
        what: 'deletion',
        id,
        tell: async () => {
          await startDeletionWorkflow(client, taskQueue, id);
          return true;
        },
        tickOff: () => outbox.markDeletionDispatched(id),
      }),
    ),
    ...cancels.map(
      (job): Entry => ({
        what: 'cancel',
        id: job.job_id,
        tell: async () => {
          await deliverCancel(client, job);
          return true;
        },
        tickOff: () => outbox.markCancelDelivered(job.job_id, job.attempt),
      }),
    ),
    ...webhooks.map(
      (event): Entry => ({
        what: 'webhook',
        id: event.id,
        tell: async () => {
          await startWebhookWorkflow(client, taskQueue, event);
          return true;
        },
        tickOff: () => outbox.markWebhookDispatched(event.id),
      }),
    ),
  ];
}
