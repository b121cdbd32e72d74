import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { failureInterceptor } from '../../src/activities/failure-interceptor.ts';
import { whileHeartbeating } from '../../src/activities/while-heartbeating.ts';
import { StorageUnavailable } from '../../src/domain/errors.ts';
import { createKnownSecrets } from '../../src/domain/known-secrets.ts';
import { testTaskQueue } from '../support/servers.ts';
import { openTryWorkflows, type TryWorkflows } from '../support/try-workflows.ts';

let workflows: TryWorkflows;
beforeAll(async () => {
  workflows = await openTryWorkflows(join(import.meta.dirname, 'support/try-workflow.ts'));
}, 120_000);
afterAll(() => workflows?.close());

/** How the activity ended whose every attempt throws what `thrown` says, and at which attempt. */
async function play(
  thrown: (attempt: number) => Error | undefined,
  act: (work: () => Promise<void>) => Promise<void>,
) {
  const taskQueue = testTaskQueue('failures');
  let attempts = 0;
  const worker = await workflows.worker(taskQueue, {
    async trying() {
      attempts = Context.current().info.attempt;
      await act(async () => {
        const error = thrown(attempts);
        if (error) throw error;
      });
      return attempts;
    },
  });
  const ended = worker.runUntil(
    workflows.client.workflow.execute('tryOne', { workflowId: randomUUID(), taskQueue }),
  );
  const failed = await ended.then(
    () => false,
    (error) => error instanceof WorkflowFailedError,
  );
  return { failed, attempts };
}

const away = new StorageUnavailable('S3 is away');
const bug = new TypeError('undefined is not a function');
const ways = [
  ['with a heartbeat', (work: () => Promise<void>) => whileHeartbeating(work)],
  ['without one', (work: () => Promise<void>) => work()],
] as const;

test.each(ways)('an outage uses up none of the tries a bug has: an activity %s', async (_, act) => {
  const hiccup = await play((attempt) => (attempt <= 8 ? away : attempt === 9 ? bug : undefined), act);
  expect(hiccup).toEqual({ failed: false, attempts: 10 });
});

test.each(ways)('a bug is counted across attempts, and over an outage: an activity %s', async (_, act) => {
  const stays = await play((attempt) => (attempt % 2 === 0 ? away : bug), act);
  expect(stays).toEqual({ failed: true, attempts: 9 });
});

test('attempts lost without a word come to an end; those lost to an outage, which says so, do not count', async () => {
  const started = (info: object) => {
    const context = {
      info: { heartbeatTimeoutMs: 15_000, taskQueue: 'q-compute', activityType: 'look', ...info },
      cancellationSignal: new AbortController().signal,
    };
    const { execute } = failureInterceptor(context as unknown as Context).inbound as {
      execute(input: object, next: () => Promise<string>): Promise<unknown>;
    };
    return execute({}, async () => 'looked');
  };
  await expect(started({ attempt: 10 })).resolves.toBe('looked');
  await expect(started({ attempt: 11 })).rejects.toMatchObject({ type: 'WorkerLost', nonRetryable: true });
  const heartbeatDetails = { failures: { StorageUnavailable: 300, Unexpected: 2 } };
  await expect(started({ attempt: 312, heartbeatDetails })).resolves.toBe('looked');
  await expect(started({ attempt: 313, heartbeatDetails })).rejects.toMatchObject({ type: 'WorkerLost' });
  await expect(started({ attempt: 99, heartbeatTimeoutMs: undefined })).resolves.toBe('looked');
  // A live source lasts longer than any activity may.
  await expect(started({ attempt: 99, taskQueue: 'q-live' })).resolves.toBe('looked');
});

test('a result that holds a secret is not stored, and one that does not is left to the character', async () => {
  const known = createKnownSecrets();
  known.learn('admin:hunter2hunter3');
  const returning = (result: unknown) => {
    const context = {
      info: { attempt: 1, activityType: 'openSource', taskQueue: 'q' },
      heartbeat() {},
      cancellationSignal: new AbortController().signal,
    };
    const { execute } = failureInterceptor(context as unknown as Context, known).inbound as {
      execute(input: object, next: () => Promise<unknown>): Promise<unknown>;
    };
    return execute({}, async () => result);
  };
  const innocent = { due_at: '2026-11-28T20:00:00Z', sha256: 'a'.repeat(64), url: 'https://user@host/' };
  expect(await returning(innocent)).toBe(innocent);
  expect(await returning(undefined)).toBeUndefined();
  await expect(returning({ url: 'rtsp://admin:hunter2hunter3@camera/1' })).rejects.toMatchObject({
    ...{ type: 'SecretInResult', nonRetryable: true },
    message: expect.not.stringContaining('hunter2'),
  });
});
