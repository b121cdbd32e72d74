import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { isOpen } from '../../src/domain/phase.ts';
import { openReceiver, type Receiver } from '../activities/webhook/receiver.ts';
import { type System, squats, startSystem } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(180_000);

const secret = `whsec_${Buffer.from('the secret of the whole service').toString('base64')}`;
let system: System;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver(204);
  system = await startSystem('webhook-of-job');
  await system.startWorker({ DOUBLETAKE_WEBHOOK_SECRET: secret, DOUBLETAKE_WEBHOOK_PRIVATE: 'allow' });
});
afterAll(async () => {
  await system?.close();
  await receiver?.close();
});

test('a job that is done is told of by a real worker, signed with the service’s secret', async () => {
  const { job_id } = await system.submit(squats, { mode: 'quick' }, 'coach-7', { url: receiver.url });
  const { headers, body } = await receiver.heard(1);
  expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'job.succeeded',
    data: { job_id, status: 'done', error_message: null, links: { result: `/api/jobs/${job_id}/result` } },
  });
  await system.until(job_id, ({ phase }) => !isOpen(phase));
  const delivered = async () => (await listWebhookEvents(system.database, job_id))[0]?.delivered_at;
  while (!(await delivered())) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(receiver.received).toHaveLength(1);
});
