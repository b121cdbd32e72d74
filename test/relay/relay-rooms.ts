import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { undispatchedWebhooks } from '../../src/database/webhooks/undispatched-webhooks.ts';
import type { Job } from '../../src/domain/job.ts';
import { webhookWorkflowId } from '../../src/domain/webhook.ts';
import { databaseOutbox } from '../../src/relay/database-outbox.ts';
import { openRelay, type Relay } from '../../src/relay/relay.ts';
import { openTestDatabase } from '../database/jobs.ts';
import { testTaskQueue } from '../support/servers.ts';

/** A database and a task queue of a test file's own, and relays between them and Temporal. No worker: what starts stays. */
export async function openRelayRooms(temporalAddress = process.env.TEMPORAL_ADDRESS as string) {
  const database = await openTestDatabase();
  const connection = Connection.lazy({ address: temporalAddress });
  const client = new Client({ connection });
  const taskQueue = testTaskQueue('relay');
  const open: Relay[] = [];

  async function accepted(
    user_id = 'coach-7',
    file_name = 'squats.mp4',
    webhook?: { url: string },
  ): Promise<Job> {
    const id = randomUUID();
    const { job } = await acceptJob(database, {
      session: {
        ...{ id, user_id, file_name, original_key: `originals/${id}`, media_type: 'video/mp4' },
        ...{ bytes: 1, sha256: null },
      },
      job: { job_id: randomUUID(), user_id, kind: 'technique', options: { mode: 'quick' }, webhook },
    });
    return job;
  }

  return {
    database,
    client,
    taskQueue,
    accepted,
    /** One more relay, and the lines of its log. */
    relay() {
      const said: string[] = [];
      const say = (_fields: object, message: string) => void said.push(message);
      const one = openRelay({
        outbox: databaseOutbox(database),
        client,
        taskQueue,
        log: { info: say, warn: say, error: say },
        pollMs: 100,
      });
      open.push(one);
      return Object.assign(one, { said });
    },
    dispatched: ({ job_id }: Job) =>
      until(async () => (await findJob(database, job_id))?.dispatched_at != null),
    /** All runs of a workflow, ended ones too. */
    async runsOf({ workflow_id }: Pick<Job, 'workflow_id'>) {
      const runs = [];
      for await (const run of client.workflow.list({ query: `WorkflowId = "${workflow_id}"` }))
        runs.push(run);
      return runs;
    },
    /** A job that was canceled, and the workflow that is to tell its webhook so. */
    async canceledAndTold(): Promise<string> {
      const { job_id } = await accepted('coach-7', 'squats.mp4', { url: 'https://example.org/told' });
      // As its workflow would write it down, so that only the webhook is left to be told.
      await transitionJob(database, { job_id, attempt: 1, to: 'canceled', stage: 'QUEUED', why: 'test' });
      const [event] = await listWebhookEvents(database, job_id);
      return webhookWorkflowId(event?.id as string);
    },
    webhooksTold: () => until(async () => (await undispatchedWebhooks(database, 10)).length === 0),
    async closeRelays(): Promise<void> {
      await Promise.all(open.splice(0).map((relay) => relay.close()));
    },
    async close(): Promise<void> {
      await connection.close();
      await database.drop();
    },
  };
}

export type RelayRooms = Awaited<ReturnType<typeof openRelayRooms>>;

export async function until(what: () => Promise<boolean>): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (await what().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('It did not happen within 20 s.');
}
