import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { DatabaseWriteError, StaleAttempt } from '../../src/domain/errors.ts';
import { testTaskQueue } from '../support/servers.ts';
import { openTryWorkflows, type TryWorkflows } from '../support/try-workflows.ts';

const { EventType } = proto.temporal.api.enums.v1;
let workflows: TryWorkflows;
beforeAll(async () => {
  workflows = await openTryWorkflows(join(import.meta.dirname, 'support/locally-first-workflow.ts'));
}, 120_000);
afterAll(() => workflows?.close());

/** Runs one write that throws what `thrown` says at its nth try; the tries, and the events of its history. */
async function play(thrown: (tryNumber: number) => Error | undefined) {
  const taskQueue = testTaskQueue('locally-first');
  const { client } = workflows;
  const workflowId = randomUUID();
  const tries: ('local' | 'patient')[] = [];
  const worker = await workflows.worker(taskQueue, {
    async write(what: string) {
      tries.push(Context.current().info.isLocal ? 'local' : 'patient');
      const error = thrown(tries.length);
      if (error) throw error;
      return what;
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
