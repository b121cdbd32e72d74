import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findAssist } from '../../src/database/assist/find-assist.ts';
import { requestDeletion } from '../../src/database/deletions/request-deletion.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import { artifactKey } from '../../src/domain/artifact.ts';
import type { Job } from '../../src/domain/job.ts';
import { isOpen } from '../../src/domain/phase.ts';
import { webhookWorkflowId } from '../../src/domain/webhook.ts';
import { deletionWorkflowId } from '../../src/domain/workflow-input.ts';
import type { AssistAnswer } from '../../src/kinds/measurement/answers/answer.ts';
import type { Point } from '../../src/kinds/measurement/outcome.ts';
import { deliverAssist } from '../../src/relay/deliver-assist.ts';
import { openReceiver } from '../activities/webhook/receiver.ts';
import { markerCorners, oneThing, phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import { truncated } from '../support/media/damage.ts';
import { loopVideo } from '../support/media/loop-video.ts';
import { resetWorkflow } from '../workflows/support/reset.ts';
import { type System, squats } from '../workflows/support/system.ts';

/** Where a scenario's history is found once it has been played. */
export interface Played {
  workflowId: string;
  runId?: string;
}

export interface Stage {
  system: System;
  /** A folder to make files in. */
  folder: string;
  /** Does something while no worker runs. */
  withoutWorker<T>(work: () => Promise<T>): Promise<T>;
}

const by = 'coach-7';
const walk = new URL('../../samples/walk-and-jump.mp4', import.meta.url).pathname;

async function ended({ system }: Stage, job: Pick<Job, 'job_id'>, status: string): Promise<Job> {
  const now = await system.until(job.job_id, ({ phase }) => !isOpen(phase), 300);
  if (now.status !== status) throw new Error(`expected ${status}: ${JSON.stringify(now)}`);
  return now;
}

async function analysed(stage: Stage, path: string, options: Record<string, unknown>): Promise<Job> {
  return ended(stage, await stage.system.submit(path, options), 'done');
}

const of = ({ workflow_id }: Job): Played => ({ workflowId: workflow_id });

async function cancelled(stage: Stage, inStage: string): Promise<Job> {
  const { system } = stage;
  const { job_id } = await system.submit(walk, { mode: 'deep' });
  await system.until(job_id, (job) => job.stage === inStage, 120);
  await requestCancel(system.database, job_id, { by, why: 'a recording' });
  system.relay.wake();
  return ended(stage, { job_id }, 'canceled');
}

async function waiting({ system }: Stage, options: Record<string, unknown> = {}, photograph?: typeof phone) {
  const file = photograph ?? (await withoutMarker(markerCorners));
  const { job_id } = await system.submitAs('measurement', file, { options });
  return system.until(job_id, ({ status, stage }) => status === 'needs_assist' && stage === 'ASSIST');
}

async function answer({ system }: Stage, job: Job, given: AssistAnswer): Promise<void> {
  const asked = await findAssist(system.database, job);
  await deliverAssist(system.client, job, { answer: given, by }, asked?.question ?? 1);
}

/** Every way a workflow of ours goes. The name is the file's. */
export const scenarios: Readonly<Record<string, (stage: Stage) => Promise<Played>>> = {
  'technique-quick': async (stage) => of(await analysed(stage, squats, { mode: 'quick' })),
  'technique-deep': async (stage) => of(await analysed(stage, walk, { mode: 'deep' })),

  /** More segments than wait at once: recorded with 60 frames a segment, two looked at at once. */
  async 'technique-deep-of-many-segments'(stage) {
    const path = join(stage.folder, 'walks.mp4');
    loopVideo(walk, { frames: 920 }, path);
    return of(await analysed(stage, path, { mode: 'deep' }));
  },

  async 'technique-failed-unreadable'(stage) {
    const cut = join(stage.folder, 'cut.mp4');
    await truncated(squats, 0.5, cut);
    return of(await ended(stage, await stage.system.submit(cut, { mode: 'deep' }), 'failed'));
  },

  async 'technique-failed-guardrail'(stage) {
    const { system } = stage;
    const job = await stage.withoutWorker(async () => {
      const { job_id } = await system.submit(squats, { mode: 'quick' });
      // An object below that key makes a folder of it on this server, which then refuses the object itself.
      await system.store.put(artifactKey(job_id, 'quick', 'report.json/in-the-way'), 'x', {
        mediaType: 'text/plain',
      });
      return system.job(job_id);
    });
    return of(await ended(stage, job, 'failed'));
  },

  'technique-cancelled-in-quick': async (stage) => of(await cancelled(stage, 'QUICK')),
  'technique-cancelled-in-deep': async (stage) => of(await cancelled(stage, 'DEEP')),

  async 'technique-retried-after-quick'(stage) {
    const { system } = stage;
    const job = await cancelled(stage, 'DEEP');
    await retryJob(system.database, job.job_id, { by });
    system.relay.wake();
    return of(await ended(stage, job, 'done'));
  },

  async 'technique-reanalysed'(stage) {
    const source = await analysed(stage, squats, { mode: 'deep' });
    const { job } = await acceptJob(stage.system.database, {
      session: { existing_session_id: source.session_id },
      job: {
        job_id: randomUUID(),
        user_id: by,
        kind: 'technique',
        options: { mode: 'deep', source_job_id: source.job_id, cutoff_hz: 4 },
      },
    });
    stage.system.relay.wake();
    return of(await ended(stage, job, 'done'));
  },

  async 'technique-reset-after-done'(stage) {
    const job = await analysed(stage, squats, { mode: 'quick' });
    const run = await resetWorkflow(stage.system, job.workflow_id);
    await run.result();
    const { runId } = await run.describe();
    return { workflowId: job.workflow_id, runId };
  },

  async 'scan-done'(stage) {
    const notes = { name: 'notes.txt', bytes: Buffer.from('one\n'), media_type: 'text/plain' };
    return of(await ended(stage, await stage.system.submitAs('scan', notes), 'done'));
  },

  async 'measurement-completed'(stage) {
    return of(await ended(stage, await stage.system.submitAs('measurement', phone), 'completed'));
  },

  async 'measurement-answered'(stage) {
    const job = await waiting(stage);
    await answer(stage, job, { reference_corners: markerCorners });
    return of(await ended(stage, job, 'completed'));
  },

  /** As above, since questions come with a picture to draw on. */
  async 'measurement-answered-on-preview'(stage) {
    const job = await waiting(stage);
    await answer(stage, job, { reference_corners: markerCorners });
    return of(await ended(stage, job, 'completed'));
  },

  async 'measurement-reminded-then-answered'(stage) {
    const job = await waiting(stage, { assist_within_hours: 0.0003 });
    const { database } = stage.system;
    while (!(await findAssist(database, job))?.reminded_at) await sleep(50);
    await stage.system.client.workflow
      .getHandle(job.workflow_id)
      .signal('assist-assigned', { assignee: 'lab-7' });
    await answer(stage, job, { values: [1, 2].map((n) => ({ n, width_mm: 85, height_mm: 168 })) });
    return of(await ended(stage, job, 'completed'));
  },

  async 'measurement-asked-again'(stage) {
    const box: Point[] = [
      [400, 300],
      [700, 300],
      [700, 600],
      [400, 600],
    ];
    const job = await waiting(stage, {}, await oneThing(box));
    await answer(stage, job, { reference_corners: box });
    const { database } = stage.system;
    while (!(await findAssist(database, job))?.ask.earlier) await sleep(50);
    const outlines = [{ n: 1, points: box.map(([x, y]): Point => [x + 350, y]) }];
    await answer(stage, job, { outlines });
    return of(await ended(stage, job, 'completed'));
  },

  async 'measurement-retried-after-answer'(stage) {
    const { system } = stage;
    const job = await waiting(stage);
    const inTheWay = artifactKey(job.job_id, 'measuring', 'annotated-2.jpg/in-the-way');
    await system.store.put(inTheWay, 'x', { mediaType: 'text/plain' });
    await answer(stage, job, { reference_corners: markerCorners });
    await ended(stage, job, 'failed');
    await system.store.deleteKeys([inTheWay]);
    await retryJob(system.database, job.job_id, { by });
    system.relay.wake();
    return of(await ended(stage, job, 'completed'));
  },

  async 'measurement-cancelled-while-waiting'(stage) {
    const job = await waiting(stage);
    await requestCancel(stage.system.database, job.job_id, { by, why: 'a recording' });
    stage.system.relay.wake();
    return of(await ended(stage, job, 'canceled'));
  },

  async 'measurement-waiting'(stage) {
    return of(await waiting(stage));
  },

  async 'deletion-of-session-at-work'(stage) {
    const { system } = stage;
    const job = await system.submit(walk, { mode: 'deep' });
    await system.until(job.job_id, ({ stage: at }) => at === 'DEEP', 120);
    const wish = { target: 'session' as const, id: job.session_id, by, cancel: true };
    const { id } = await requestDeletion(system.database, wish);
    system.relay.wake();
    return finished(system, deletionWorkflowId(id));
  },

  'webhook-second-try': (stage) => told(stage, 500, 204),
  'webhook-given-up': (stage) => told(stage, 410),

  reconcile: ({ system }) => directly(system, 'reconcile', { idle_seconds: 0 }),
  retention: ({ system }) => directly(system, 'retention', { days: { technique: 365 } }),
  sweep: ({ system }) => directly(system, 'sweep', { grace_hours: 24 }),
};

async function told({ system }: Stage, ...statuses: number[]): Promise<Played> {
  const receiver = await openReceiver(...statuses);
  try {
    const { job_id } = await system.submit(squats, { mode: 'quick' }, by, { url: receiver.url });
    await system.until(job_id, ({ phase }) => !isOpen(phase), 300);
    const [event] = await listWebhookEvents(system.database, job_id);
    return await finished(system, webhookWorkflowId(event?.id as string));
  } finally {
    await receiver.close();
  }
}

async function directly({ client, taskQueue }: System, type: string, input: unknown): Promise<Played> {
  const workflowId = `recorded-${type}-${randomUUID()}`;
  await client.workflow.execute(type, { workflowId, taskQueue, args: [input] });
  return { workflowId };
}

async function finished({ client }: System, workflowId: string): Promise<Played> {
  for (;;) {
    try {
      await client.workflow.getHandle(workflowId).result();
      return { workflowId };
    } catch (error) {
      if ((error as Error).name !== 'WorkflowNotFoundError') throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
