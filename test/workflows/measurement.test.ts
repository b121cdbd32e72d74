import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type AssistRequest, findAssist } from '../../src/database/assist/find-assist.ts';
import { listArtifacts } from '../../src/database/jobs/list-artifacts.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import type { AcceptedAnswer, AssistUpdate } from '../../src/domain/assist.ts';
import type { Job } from '../../src/domain/job.ts';
import type { AssistAnswer } from '../../src/kinds/measurement/answers/answer.ts';
import type { Point } from '../../src/kinds/measurement/outcome.ts';
import { readMeasurement } from '../../src/kinds/measurement/tables/read-measurement.ts';
import {
  markerCorners as corners,
  oneThing,
  phone,
  withoutMarker,
} from '../support/measurement/phone-photo.ts';
import { type System, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let system: System;
let worker: WorkerProcess;
let unmarked: typeof phone;
beforeAll(async () => {
  unmarked = await withoutMarker(corners);
  system = await startSystem('measurement');
  worker = await system.startWorker();
});
afterAll(() => system?.close());

const settled = ({ phase }: Job) => phase !== 'queued' && phase !== 'running';
const waits = ({ status, stage }: Job) => status === 'needs_assist' && stage === 'ASSIST';
const ended = ({ phase }: Job) => ['succeeded', 'failed', 'canceled'].includes(phase);

async function waiting(options: Record<string, unknown> = {}): Promise<Job> {
  const { job_id } = await system.submitAs('measurement', unmarked, { options });
  return system.until(job_id, waits);
}

function answer({ workflow_id }: Job, given: AssistAnswer, by = 'lab-1', to: Partial<AssistUpdate> = {}) {
  return system.client.workflow
    .getHandle(workflow_id)
    .executeUpdate<AcceptedAnswer, [AssistUpdate]>('assist', { args: [{ answer: given, by, ...to }] });
}

/** What operators find the workflow by. */
async function shown({ workflow_id }: Job): Promise<unknown[]> {
  const { typedSearchAttributes } = await system.client.workflow.getHandle(workflow_id).describe();
  return ['Kind', 'Status', 'Stage'].map((name) =>
    typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')),
  );
}

async function refusal(given: Promise<unknown>): Promise<{ type: string; message: string }> {
  const error = await given.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return (error as WorkflowUpdateFailedError).cause as unknown as { type: string; message: string };
}

test('a phone beside a marker: measured, drawn, all in the database and in S3 when it is completed', async () => {
  const { job_id } = await system.submitAs('measurement', phone);
  const job = await system.until(job_id, settled);
  expect(job).toMatchObject({ status: 'completed', stage: 'DONE', progress_pct: 100, error_message: null });
  expect(job.completed_at).not.toBeNull();
  expect(job.result).toMatchObject({ version: 1, source: 'machine', objects: 1 });

  const stored = await readMeasurement(system.database, job_id);
  const [object] = stored?.latest.objects ?? [];
  expect(Math.abs((object?.width.value ?? 0) / 85 - 1)).toBeLessThan(0.02);
  expect(Math.abs((object?.height.value ?? 0) / 168 - 1)).toBeLessThan(0.02);
  expect(stored?.latest.provenance).toMatchObject({
    software: { name: 'doubletake' },
    source_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const artifacts = await listArtifacts(system.database, job_id);
  expect(artifacts.map(({ name }) => name).sort()).toEqual([
    'annotated.jpg',
    'outcome.json',
    'rectified.jpg',
  ]);
  for (const { key, sha256 } of artifacts) expect((await system.store.head(key))?.sha256).toBe(sha256);
  expect(stored?.latest.annotated_image_key).toBe(`jobs/${job_id}/measuring/annotated.jpg`);
});

test('without the marker a person is asked; their corners are measured by, and both versions are kept', async () => {
  const job = await waiting();
  expect(job.error_message).toBeNull();
  expect(job.completed_at).toBeNull();
  expect(job.assist_due_at?.getTime()).toBeGreaterThan(Date.now() + 47 * 3_600_000);
  const asked = await findAssist(system.database, job);
  expect(asked?.ask).toMatchObject({
    needs_reference: true,
    reasons: [{ code: 'no_reference', message: expect.stringContaining('No marker') }],
    image: { width: 1280, height: 720 },
  });
  const preview = { key: `jobs/${job.job_id}/measuring/preview.jpg`, width: 1280, height: 720 };
  expect((await readMeasurement(system.database, job.job_id))?.latest.preview).toEqual(preview);
  const claimed = (await listArtifacts(system.database, job.job_id)).find(({ key }) => key === preview.key);
  expect((await system.store.head(preview.key))?.sha256).toBe(claimed?.sha256);

  const handle = system.client.workflow.getHandle(job.workflow_id);
  // The row says so a moment before the workflow hears of it.
  while (!isDeepStrictEqual(await shown(job), ['measurement', 'needs_assist', 'ASSIST'])) await sleep(50);
  await handle.signal('assist-assigned', { assignee: 'lab-7' });
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toMatch(/Ask a person: lab-7 is asked, an answer is hoped for until 20.*No marker/);

  const accepted = await answer(job, { reference_corners: corners, note: 'seen through the paint' });
  expect(accepted).toEqual({ by: 'lab-1', at: expect.stringMatching(/^20.*Z$/) });
  const done = await system.until(job.job_id, ended);
  expect(done).toMatchObject({ status: 'completed', result: { version: 2, source: 'person' } });
  expect(done.assist_due_at).toBeNull();

  const stored = await readMeasurement(system.database, job.job_id);
  expect(stored?.machine).toMatchObject({ version: 1, source: 'machine', reference: null, preview });
  expect(stored?.machine.objects.every(({ width }) => width.value === null)).toBe(true);
  expect(stored?.latest).toMatchObject({ version: 2, reasons: [], reference: { source: 'person' } });
  expect(stored?.latest.objects[0]?.width.value).toBeCloseTo(85, -1);
  expect(stored?.latest.annotated_image_key).toMatch(/measuring\/annotated-2\.jpg$/);
  expect(await findAssist(system.database, job)).toMatchObject({
    answered_by: 'lab-1',
    answered_at: new Date(accepted.at),
    answer: { reference_corners: corners, note: 'seen through the paint' },
  });
});

test('values alone are taken as they are, where no scale is known', async () => {
  const job = await waiting();
  const ns = (job.result === null ? await findAssist(system.database, job) : null)?.ask.objects as {
    n: number;
  }[];
  await answer(job, { values: ns.map(({ n }) => ({ n, width_mm: 85, height_mm: 168 })) });
  expect(await system.until(job.job_id, ended)).toMatchObject({ status: 'completed' });
  const stored = await readMeasurement(system.database, job.job_id);
  expect(stored?.latest.objects[0]).toMatchObject({
    width: { value: 85, method: expect.stringMatching(/^person:/) },
  });
  expect(stored?.latest).toMatchObject({ reference: null, rectified_image_key: null });
});

test('what cannot be is refused with the reason, and the history has nothing of it', async () => {
  const job = await waiting();
  const outside = corners.map(([x, y]): Point => [x + 9000, y]);
  expect(await refusal(answer(job, { reference_corners: outside }))).toMatchObject({
    type: 'ImpossibleAnswer',
    message: expect.stringContaining('outside the image of 1280 × 720'),
  });
  expect(await refusal(answer(job, { corners } as AssistAnswer))).toMatchObject({ type: 'ImpossibleAnswer' });
  // Read before a retry, or to be put to a question that was never asked.
  for (const to of [{ attempt: 2, question: 1 }, { question: 2 }]) {
    expect(await refusal(answer(job, { reference_corners: corners }, 'lab-1', to))).toMatchObject({
      type: 'NotWaiting',
      message: expect.stringContaining('asked now is question 1 of attempt 1'),
    });
  }
  const { events } = await system.client.workflow.getHandle(job.workflow_id).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
  expect(await findAssist(system.database, job)).toMatchObject({ answered_at: null, answer: null });
  await requestCancel(system.database, job.job_id, { by: 'lab-1', why: 'enough' });
  system.relay.wake();
  expect(await system.until(job.job_id, ended)).toMatchObject({ status: 'canceled' });
});

test('two answer at once: one wins, the other is told who did', async () => {
  const job = await waiting();
  const both = await Promise.allSettled(
    ['lab-1', 'lab-2'].map((by) => answer(job, { reference_corners: corners }, by)),
  );
  const won = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason.cause] : []));
  expect(won).toHaveLength(1);
  expect(lost).toMatchObject([
    { type: 'AlreadyAnswered', message: expect.stringContaining(`${won[0]?.by} answered first`) },
  ]);
  expect(await system.until(job.job_id, ended)).toMatchObject({ status: 'completed' });
  expect(await findAssist(system.database, job)).toMatchObject({ answered_by: won[0]?.by });
});

test('an overdue answer is reminded of once, and still taken', async () => {
  const job = await waiting({ assist_within_hours: 0.0003 });
  await worker.said('is overdue');
  expect((await findAssist(system.database, job))?.reminded_at).not.toBeNull();
  await answer(job, { reference_corners: corners });
  expect(await system.until(job.job_id, ended)).toMatchObject({ status: 'completed' });
  const { events } = await system.client.workflow.getHandle(job.workflow_id).fetchHistory();
  const reminders = events?.filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'remindOfAnswer',
  );
  expect(reminders).toHaveLength(1);
});

test('canceled while it waits: an answer after that is refused', async () => {
  const job = await waiting();
  await requestCancel(system.database, job.job_id, { by: 'lab-1', why: 'wrong photograph' });
  system.relay.wake();
  const canceled = await system.until(job.job_id, ended);
  expect(canceled).toMatchObject({
    status: 'canceled',
    error_message: 'Cancelled on request during ASSIST.',
  });
  await system.client.workflow
    .getHandle(job.workflow_id)
    .result()
    .catch(() => {});
  await expect(answer(job, { reference_corners: corners })).rejects.toThrow();
  expect(await findAssist(system.database, job)).toMatchObject({ answer: null });
});

test('an answer that leaves something open is kept, and another is asked for', async () => {
  const box: Point[] = [
    [400, 300],
    [700, 300],
    [700, 600],
    [400, 600],
  ];
  const { job_id } = await system.submitAs('measurement', await oneThing(box));
  const job = await system.until(job_id, waits);
  expect((await findAssist(system.database, job))?.ask).toMatchObject({ objects: [{ n: 1 }] });
  // The API would refuse it by the outline, which the workflow's history has no room for.
  await answer(job, { reference_corners: box });
  await system.until(job_id, ({ stage }) => stage === 'RECALCULATING' || stage === 'ASSIST');
  const asked = await again(job);
  expect(asked.ask).toMatchObject({
    needs_object: true,
    reasons: [{ code: 'no_object' }],
    earlier: [{ by: 'lab-1', answer: { reference_corners: box } }],
  });
  expect((await readMeasurement(system.database, job_id))?.latest).toMatchObject({ version: 2, objects: [] });
  const drawn = box.map(([x, y]): Point => [x + 350, y]);
  await answer(job, { outlines: [{ n: 1, points: drawn }] }, 'lab-2');
  expect(await system.until(job_id, ended)).toMatchObject({ status: 'completed', result: { version: 3 } });
  const stored = await readMeasurement(system.database, job_id);
  expect(stored?.latest.objects).toMatchObject([{ n: 1, width: { value: 50 } }]);
});

async function again(job: Job): Promise<AssistRequest> {
  for (;;) {
    const asked = await findAssist(system.database, job);
    if (asked?.ask.earlier) return asked;
    await sleep(50);
  }
}
