import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { failureInterceptor } from '../../src/activities/failure-interceptor.ts';
import { makePostOutside } from '../../src/activities/webhook/post-outside.ts';
import { makeWebhookActivities } from '../../src/activities/webhook/webhook-activities.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { readWebhookEvent } from '../../src/database/webhooks/read-webhook-event.ts';
import { recordDelivery } from '../../src/database/webhooks/record-delivery.ts';
import { type WebhookWorkflowInput, webhookQueue, webhookWorkflowId } from '../../src/domain/webhook.ts';
import { openReceiver, type Receiver } from '../activities/webhook/receiver.ts';
import { openTestDatabase, request, runningJob, step } from '../database/jobs.ts';
import { testTaskQueue } from '../support/servers.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';
import { readableEvent } from './support/readable-event.ts';

const logger = new DefaultLogger('ERROR');
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
const secret = `whsec_${Buffer.from('the secret of this one job').toString('base64')}`;
const taskQueue = testTaskQueue('webhook');
const lines: object[] = [];
const keep = (fields: object, message: string) => void lines.push({ ...fields, message });

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let connection: Connection;
let native: NativeConnection;
let workers: Worker[] = [];
let running: Promise<unknown>;
const open: Receiver[] = [];
beforeAll(async () => {
  const address = process.env.TEMPORAL_ADDRESS as string;
  database = await openTestDatabase();
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  const workflows = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await workflowBundle(),
  });
  const deliveries = await Worker.create({
    connection: native,
    taskQueue: webhookQueue(taskQueue),
    interceptors: { activity: [failureInterceptor] },
    activities: makeWebhookActivities({
      readWebhookEvent: (which) => readWebhookEvent(database, which),
      recordDelivery: (delivery, outcome) => recordDelivery(database, delivery, outcome),
      postOutside: makePostOutside({ allowPrivate: true }),
      serviceSecret: undefined,
      log: { info: keep, warn: keep, error: keep },
    }),
  });
  workers = [workflows, deliveries];
  running = Promise.all(workers.map((worker) => worker.run()));
}, 120_000);
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
  await native?.close();
  await connection?.close();
  await database?.drop();
});

/** A job that failed and has a receiver to tell, and the event of it. */
async function failedJob(statuses: Parameters<typeof openReceiver>, signedWith: string | undefined = secret) {
  const receiver = await openReceiver(...statuses);
  open.push(receiver);
  const plain = request();
  const webhook = { url: receiver.url, ...(signedWith && { secret: signedWith }) };
  const job = await runningJob(database, { ...plain, job: { ...plain.job, webhook } });
  await transitionJob(database, {
    ...step(job),
    to: 'failed',
    stage: 'FAILED',
    why: 'Broken',
    error_message: 'Broken.',
  });
  const [event] = await listWebhookEvents(database, job.job_id);
  return { job, receiver, event_id: event?.id as string };
}

const handleOf = (event_id: string) =>
  new Client({ connection }).workflow.getHandle(webhookWorkflowId(event_id));
async function start(input: WebhookWorkflowInput) {
  await new Client({ connection }).workflow.start('webhook', {
    workflowId: webhookWorkflowId(input.event_id),
    taskQueue,
    args: [input],
  });
}
async function deliver(event_id: string, waits_ms = [1, 1, 1]) {
  await start({ event_id, waits_ms });
  return handleOf(event_id).result();
}
const told = async ({ job_id }: { job_id: string }) => (await listWebhookEvents(database, job_id))[0];

test('a receiver that fails twice is told a third time, the same words under the same id, each signed', async () => {
  const { job, receiver, event_id } = await failedJob([500, 503, 204]);
  expect(await deliver(event_id)).toEqual({ outcome: 'delivered', status_code: 204, tries: 3 });
  expect(receiver.received).toHaveLength(3);
  for (const { headers, body } of receiver.received) {
    const payload = new Webhook(secret).verify(body, headers as Record<string, string>);
    expect(payload).toMatchObject({
      type: 'job.failed',
      data: { job_id: job.job_id, error_message: 'Broken.' },
    });
    expect(headers).toMatchObject({ 'webhook-id': event_id, 'content-type': 'application/json' });
    expect(body).toBe(receiver.received[0]?.body);
  }
  const kept = await told(job);
  expect(kept).toMatchObject({ delivered_at: expect.any(Date), gave_up_at: null });
  expect(kept?.deliveries).toMatchObject([
    { attempt: 1, status_code: 500, error: 'Answered 500.', url: receiver.url },
    { attempt: 2, status_code: 503, error: 'Answered 503.' },
    { attempt: 3, status_code: 204, error: null },
  ]);
});

test('the history of a delivery, and what is logged of it, hold neither secret nor address', async () => {
  const { receiver, event_id } = await failedJob([204]);
  await deliver(event_id);
  const { events } = await handleOf(event_id).fetchHistory();
  const payloads = readableEvent(events);
  expect(payloads).toContain('{"outcome":"delivered","status_code":204}');
  for (const text of [payloads, JSON.stringify(lines)]) {
    expect(text).toContain(event_id);
    expect(text).not.toContain(secret.slice(6));
    expect(text).not.toContain(`:${receiver.port}`);
  }
});

test('410 is the receiver’s last word', async () => {
  const { job, receiver, event_id } = await failedJob([410]);
  expect(await deliver(event_id)).toMatchObject({ outcome: 'gave up', tries: 1 });
  expect(receiver.received).toHaveLength(1);
  expect(await told(job)).toMatchObject({ delivered_at: null, gave_up_at: expect.any(Date) });
});

test('after the last try of the schedule it is given up, and each try can be read', async () => {
  const { job, event_id } = await failedJob([302]);
  expect(await deliver(event_id, [1])).toMatchObject({ outcome: 'gave up', tries: 2 });
  const kept = await told(job);
  expect(kept).toMatchObject({ delivered_at: null, gave_up_at: expect.any(Date) });
  expect(kept?.deliveries.map(({ error }) => error)).toEqual(
    Array(2).fill('Answered 302; redirects are not followed.'),
  );
});

test('nothing is sent unsigned: without any secret the try says so', async () => {
  const { job, receiver, event_id } = await failedJob([204], '');
  expect(await deliver(event_id, [])).toMatchObject({ outcome: 'gave up' });
  expect(receiver.received).toEqual([]);
  expect((await told(job))?.deliveries[0]?.error).toContain('DOUBLETAKE_WEBHOOK_SECRET');
});

test('a try that was recorded is not made again when its activity is', async () => {
  const { receiver, event_id } = await failedJob([204]);
  await deliver(event_id);
  await new Client({ connection }).workflow.execute('webhook', {
    workflowId: `again-${event_id}`,
    taskQueue,
    args: [{ event_id }],
  });
  expect(receiver.received).toHaveLength(1);
});

test('told that its job was deleted, the delivery ends', async () => {
  expect(await deliver(randomUUID())).toEqual({ outcome: 'gone', status_code: null, tries: 1 });
});

test('unless told otherwise the second try comes after five seconds, and it is the second of ten', async () => {
  const { receiver, event_id } = await failedJob([500]);
  await start({ event_id });
  await receiver.heard(1);
  const handle = handleOf(event_id);
  const timerOf = async () =>
    (await handle.fetchHistory()).events?.find(
      ({ timerStartedEventAttributes }) => timerStartedEventAttributes,
    );
  let timer = await timerOf();
  while (!timer) timer = await timerOf();
  expect(Number(timer.timerStartedEventAttributes?.startToFireTimeout?.seconds)).toBe(5);
  await handle.terminate('seen enough');
  const { events } = await handle.fetchHistory();
  const summary = events?.find((event) => event.activityTaskScheduledEventAttributes)?.userMetadata?.summary;
  expect(Buffer.from(summary?.data ?? []).toString()).toBe('"try 1 of 10"');
});
