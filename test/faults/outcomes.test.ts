import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import Long from 'long';
import { openStore } from '../../src/storage/open-store.ts';
import { smallSample } from '../support/media/shipped.ts';
import { type RunningService, startService, withS3 } from '../support/running-service.ts';
import { longClip } from './long-clip.ts';

const squats = smallSample('squats.mp4');
let service: RunningService;
let clip: ReturnType<typeof longClip>;
let temporal: Client;
let connection: Connection;

beforeAll(async () => {
  clip = longClip();
  service = await startService();
  connection = await Connection.connect({ address: service.environment.TEMPORAL_ADDRESS });
  temporal = new Client({ connection });
});
afterAll(async () => {
  await connection?.close();
  await service?.stop();
  clip?.remove();
});

const inStage = (id: string, stage: string) => service.until(id, (job) => job.stage === stage);
const session = (id: string) => service.read<{ status: string }>(`/api/sessions/${id}`);

test.each([
  ['report.json', 'Critical artifacts missing: findings=present report=MISSING'],
  ['findings.json', 'Critical artifacts missing: findings=MISSING report=present'],
])(
  'S3 refuses %s for good: the job fails and says what is missing',
  async (name, message) => {
    await service.worker.stop();
    const job = await service.upload(squats, { options: { mode: 'quick' } });
    // An object below that key makes a folder of it on this server, which then refuses the object itself.
    await withS3(service.environment, () =>
      openStore({ bucket: service.environment.DOUBLETAKE_BUCKET as string, forcePathStyle: true }).put(
        `jobs/${job.id}/quick/${name}/in-the-way`,
        'x',
        { mediaType: 'text/plain' },
      ),
    );
    await service.worker.start();
    expect(await service.ended(job.id)).toMatchObject({
      status: 'failed',
      stage: 'FAILED',
      error_message: message,
    });
    expect(await session(job.session_id)).toMatchObject({ status: 'failed' });
    // The row is written first; the workflow ends right after.
    const handle = temporal.workflow.getHandle(job.workflow_id);
    await handle.result().catch(() => {});
    expect((await handle.describe()).status.name).toBe('FAILED');
  },
  180_000,
);

test('canceled while queued, in the quick pass, in the deep pass: canceled each time, and stays so', async () => {
  const cancel = (id: string) => service.read(`/api/jobs/${id}/cancel`, { method: 'POST' });
  for (const stage of ['QUEUED', 'QUICK', 'DEEP']) {
    if (stage === 'QUEUED') await service.worker.stop();
    const job = await service.upload(clip.path);
    if (stage === 'QUEUED') await sleep(1500);
    else await inStage(job.id, stage);
    await cancel(job.id);
    if (stage === 'QUEUED') await service.worker.start();
    expect([stage, await service.ended(job.id)]).toMatchObject([stage, { status: 'canceled' }]);
    expect(await session(job.session_id)).toMatchObject({ status: 'canceled' });
    // The row is written first; the workflow ends right after.
    const handle = temporal.workflow.getHandle(job.workflow_id);
    await handle.result().catch(() => {});
    expect((await handle.describe()).status.name).not.toBe('RUNNING');
  }
}, 240_000);

test('terminated in the Web UI: the row says so; retried, it goes on to done', async () => {
  const job = await service.upload(clip.path);
  await inStage(job.id, 'DEEP');
  await temporal.workflow.getHandle(job.workflow_id).terminate('wrong player');
  const ended = await service.ended(job.id);
  expect(ended).toMatchObject({ status: 'canceled' });
  expect(ended.error_message).toContain('wrong player');
  await service.read(`/api/jobs/${job.id}/retry`, { method: 'POST' });
  expect(await service.ended(job.id)).toMatchObject({ status: 'done', progress_pct: 100 });
}, 240_000);

test('deleted at Temporal while running: the row says failed', async () => {
  const job = await service.upload(clip.path);
  await inStage(job.id, 'DEEP');
  const { runId } = await temporal.workflow.getHandle(job.workflow_id).describe();
  await connection.workflowService.deleteWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: job.workflow_id, runId },
  });
  expect(await service.ended(job.id)).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining('deleted from Temporal'),
  });
}, 180_000);

test('reset after it was done: nothing is doubled and the job stays done', async () => {
  const job = await service.upload(squats);
  await service.ended(job.id);
  const before = await service.read<{ completed_at: string }>(`/api/jobs/${job.id}`);
  const handle = temporal.workflow.getHandle(job.workflow_id);
  const { runId } = await handle.describe();
  await connection.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: job.workflow_id, runId },
    workflowTaskFinishEventId: Long.fromNumber(4),
    requestId: crypto.randomUUID(),
    reason: 'an operator tries it',
  });
  await temporal.workflow
    .getHandle(job.workflow_id)
    .result()
    .catch(() => {});
  expect(await service.read(`/api/jobs/${job.id}`)).toMatchObject(before);
}, 120_000);

test('the same upload twice at once with one Idempotency-Key is one job', async () => {
  const headers = { 'idempotency-key': 'twice' };
  const quick = { options: { mode: 'quick' }, headers };
  const [one, two] = await Promise.all([service.upload(squats, quick), service.upload(squats, quick)]);
  expect(one.id).toBe(two.id);
  expect(await service.ended(one.id)).toMatchObject({ status: 'done' });
}, 120_000);
