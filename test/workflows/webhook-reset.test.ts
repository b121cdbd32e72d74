import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { undispatchedWebhooks } from '../../src/database/webhooks/undispatched-webhooks.ts';
import { isOpen } from '../../src/domain/phase.ts';
import { webhookWorkflowId } from '../../src/domain/webhook.ts';
import { openReceiver, type Receiver } from '../activities/webhook/receiver.ts';
import { resetWorkflow } from './support/reset.ts';
import { type System, startSystem } from './support/system.ts';

/** What an operator's buttons do to the delivery of an event. */

jest.setTimeout(120_000);

let system: System;
const open: Receiver[] = [];
beforeAll(async () => {
  system = await startSystem('webhook-reset');
  await system.startWorker({
    DOUBLETAKE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 'a secret').toString('base64')}`,
    DOUBLETAKE_WEBHOOK_PRIVATE: 'allow',
  });
});
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
afterAll(() => system?.close());

/** The event of a job that failed, and its receiver, which has heard of it so often. */
async function told(times: number, ...statuses: number[]) {
  const receiver = await openReceiver(...statuses);
  open.push(receiver);
  const file = { name: 'empty.png', bytes: Buffer.from('no image'), media_type: 'image/png' };
  const { job_id } = await system.submitAs('measurement', file, { webhook: { url: receiver.url } });
  await system.until(job_id, ({ phase }) => !isOpen(phase));
  await receiver.heard(times);
  const event = async () => (await listWebhookEvents(system.database, job_id))[0];
  // A try counts when it is recorded, a moment after it was made.
  while ((await event())?.deliveries.length !== times) await sleep(50);
  const workflowId = webhookWorkflowId((await event())?.id as string);
  return { receiver, event, workflowId, handle: system.client.workflow.getHandle(workflowId) };
}

const ids = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);

async function timersOf(run: WorkflowHandle) {
  const { events } = await run.fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes }) => timerStartedEventAttributes ?? []);
}

test.each(['terminate', 'cancel'] as const)(
  '%s: the event stays pending and is sent no more; reset: the next try is made, under the same id',
  async (button) => {
    const { receiver, event, workflowId, handle } = await told(1, 500, 204);
    await handle[button]();
    await handle.result().catch(() => {});
    expect(await event()).toMatchObject({ delivered_at: null, gave_up_at: null });
    expect(await undispatchedWebhooks(system.database, 10)).toEqual([]);
    expect(receiver.received).toHaveLength(1);

    const run = await resetWorkflow(system, workflowId);
    expect(await run.result()).toEqual({ outcome: 'delivered', status_code: 204, tries: 2 });
    expect(await event()).toMatchObject({
      delivered_at: expect.any(Date),
      deliveries: [
        { attempt: 1, status_code: 500 },
        { attempt: 2, status_code: 204 },
      ],
    });
    const { id } = (await event()) ?? {};
    expect(ids(receiver)).toEqual([id, id]);
  },
);

test('reset after several tries: none is made again, and what was waited between them is not waited again', async () => {
  const { receiver, event, workflowId } = await told(2, 500);
  const run = await resetWorkflow(system, workflowId);
  let timers = await timersOf(run);
  while (timers.length === 0) {
    await sleep(50);
    timers = await timersOf(run);
  }
  expect(timers).toHaveLength(1);
  // The wait before the third try, five minutes, of which a little is over.
  expect(Number(timers[0]?.startToFireTimeout?.seconds)).toBeGreaterThan(60);
  expect(receiver.received).toHaveLength(2);
  expect((await event())?.deliveries).toHaveLength(2);
  await run.terminate('seen enough');
});

test('reset after it was delivered: it is not delivered again', async () => {
  const { receiver, workflowId, handle } = await told(2, 500, 204);
  await handle.result();
  const run = await resetWorkflow(system, workflowId);
  expect(await run.result()).toMatchObject({ outcome: 'delivered' });
  expect(receiver.received).toHaveLength(2);
});
