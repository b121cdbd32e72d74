import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { RecordsOf } from '../../../src/activities/kind-records.ts';
import { makeMaintenanceActivities } from '../../../src/activities/maintenance/maintenance-activities.ts';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { openTestDatabase } from '../../database/jobs.ts';
import { createTestBucket, testTaskQueue } from '../../support/servers.ts';

/** Of what kinds keep beyond their jobs nothing is claimed here; nobody is asked for anything else. */
export const recordsOf: RecordsOf = (kind) =>
  new Proxy({} as ReturnType<RecordsOf>, {
    get(_, name) {
      if (name === 'whichKeysAreClaimed') return async () => new Set();
      throw new Error(`nobody should ask for ${String(name)} of the records of ${kind}`);
    },
  });

/** The maintenance activities on a database and a bucket of the test's own, and a task queue nobody serves. */
export async function openRooms(purpose: string) {
  const [database, bucket] = await Promise.all([openTestDatabase(), createTestBucket()]);
  const store = openStore({ bucket: bucket.name, forcePathStyle: true });
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
  const client = new Client({ connection });
  const taskQueue = testTaskQueue(purpose);
  const lines: { fields: object; message: string }[] = [];
  const keep = (fields: object, message: string) => void lines.push({ fields, message });
  const log = { info: keep, warn: keep, error: keep };
  const activities = makeMaintenanceActivities(
    maintenanceNeeds({ database, store, client, taskQueue, recordsOf, log }),
  );
  return {
    database,
    bucket: bucket.name,
    store,
    client,
    taskQueue,
    lines,
    activities,
    run: <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> =>
      new MockActivityEnvironment().run(activity, ...args),
    /** Puts an object; returns its key. */
    async object(key: string): Promise<string> {
      await store.put(key, 'x', { mediaType: 'text/plain' });
      return key;
    },
    async keys(prefix = ''): Promise<string[]> {
      const found: string[] = [];
      for await (const { key } of store.list(prefix)) found.push(key);
      return found.sort();
    },
    async close() {
      await connection.close();
      await Promise.all([database.drop(), bucket.remove()]);
    },
  };
}

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/** Takes the next workflow task of the queue and answers it with these commands, as a worker would. */
export async function answerWorkflowTask(
  { client, taskQueue }: Pick<Rooms, 'client' | 'taskQueue'>,
  commands: Parameters<typeof client.workflowService.respondWorkflowTaskCompleted>[0]['commands'],
): Promise<void> {
  const { namespace } = client.options;
  const identity = randomUUID();
  const poll = { namespace, identity, taskQueue: { name: taskQueue } };
  const { taskToken } = await client.withDeadline(Date.now() + 30_000, () =>
    client.workflowService.pollWorkflowTaskQueue(poll),
  );
  await client.workflowService.respondWorkflowTaskCompleted({ namespace, identity, taskToken, commands });
}
