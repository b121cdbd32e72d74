import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { failureInterceptor } from '../../src/activities/failure-interceptor.ts';
import { DatabaseWriteError, StaleAttempt } from '../../src/domain/errors.ts';
import { testTaskQueue } from '../support/servers.ts';

const { EventType } = proto.temporal.api.enums.v1;
const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });

let connection: Connection;
let native: NativeConnection;
let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  const address = process.env.TEMPORAL_ADDRESS as string;
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'support/locally-first-workflow.ts'),
    logger,
  });
}, 120_000);
afterAll(async () => {
  await native?.close();
  await connection?.close();
});

/** Runs one write that throws what `thrown` says at its nth try; the tries, and the events of its history. */
async function play(thrown: (tryNumber: number) => Error | undefined) {
  const taskQueue = testTaskQueue('locally-first');
  const client = new Client({ connection });
  const workflowId = randomUUID();
  const tries: ('local' | 'patient')[] = [];
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle,
    interceptors: { activity: [failureInterceptor] },
    activities: {
      async write(what: string) {
        tries.push(Context.current().info.isLocal ? 'local' : 'patient');
        const error = thrown(tries.length);
        if (error) throw error;
        return what;
      },
    },
  });
  const result = await worker.runUntil(
    client.workflow
      .execute('writeLocallyFirst', { workflowId, taskQueue, args: ['written'] })
      .catch((error) => error),
  );
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return { result, tries, events: (events ?? []).map(({ eventType }) => eventType) };
}

const away = new DatabaseWriteError('PostgreSQL is away');
const scheduled = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED;

test('a hiccup is over before the history shows an activity', async () => {
  const { result, tries, events } = await play((n) => (n < 3 ? away : undefined));
  expect(result).toBe('written');
  expect(tries).toEqual(['local', 'local', 'local']);
  expect(events).not.toContain(scheduled);
});

test('a long outage is waited for by the server: one activity, and the history stays short', async () => {
  const { result, tries, events } = await play((n) => (n < 10 ? away : undefined));
  expect(result).toBe('written');
  expect(tries.filter((how) => how === 'local')).toHaveLength(3);
  expect(events.filter((type) => type === scheduled)).toHaveLength(1);
  expect(events.length).toBeLessThan(20);
});

test('a job that was taken over is left alone at once', async () => {
  const { result, tries } = await play(() => new StaleAttempt('taken over'));
  expect(result).toMatchObject({ cause: { cause: { message: 'taken over' } } });
  expect(tries).toEqual(['local']);
});
