import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findAssist } from '../../src/database/assist/find-assist.ts';
import { listArtifacts } from '../../src/database/jobs/list-artifacts.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { requestCancel } from '../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../src/database/jobs/retry-job.ts';
import { listWebhookEvents } from '../../src/database/webhooks/list-webhook-events.ts';
import type { AcceptedAnswer } from '../../src/domain/assist.ts';
import type { Job } from '../../src/domain/job.ts';
import { isOpen } from '../../src/domain/phase.ts';
import type { AssistAnswer } from '../../src/kinds/measurement/answers/answer.ts';
import { readMeasurement } from '../../src/kinds/measurement/tables/read-measurement.ts';
import { markerCorners, type phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import { type System, startSystem } from './support/system.ts';

/** What a person did is not asked for twice because S3, or a worker, failed afterwards. */

jest.setTimeout(120_000);

const by = 'lab-1';

let system: System;
let unmarked: typeof phone;
beforeAll(async () => {
  unmarked = await withoutMarker(markerCorners);
  system = await startSystem('measurement-retried');
  await system.startWorker();
});
afterAll(() => system?.close());

const waits = ({ status, stage }: Job) => status === 'needs_assist' && stage === 'ASSIST';
const ended = (job: Job) => system.until(job.job_id, ({ phase }) => !isOpen(phase));

async function waiting(): Promise<Job> {
  // Nobody listens there; what would have been told is in the rows.
  const webhook = { url: 'http://127.0.0.1:9/' };
  const { job_id } = await system.submitAs('measurement', unmarked, { webhook });
  return system.until(job_id, waits);
}

function answer({ workflow_id }: Job, given: AssistAnswer) {
  return system.client.workflow
    .getHandle(workflow_id)
    .executeUpdate<AcceptedAnswer, [{ answer: AssistAnswer; by: string }]>('assist', {
      args: [{ answer: given, by }],
    });
}

/** An object below that key makes a folder of it on this server, which then refuses the object itself. */
async function answeredInVain(job: Job): Promise<AcceptedAnswer> {
  const inTheWay = `jobs/${job.job_id}/measuring/annotated-2.jpg/in-the-way`;
  await system.store.put(inTheWay, 'x', { mediaType: 'text/plain' });
  const accepted = await answer(job, { reference_corners: markerCorners });
  expect(await ended(job)).toMatchObject({ status: 'failed', error_type: 'StorageRefused' });
  await system.store.deleteKeys([inTheWay]);
  return accepted;
}

async function retried(job: Job): Promise<Job> {
  const again = await retryJob(system.database, job.job_id, { by });
  system.relay.wake();
  return again;
}

test('failed while the answer was worked in, and retried: the answer counts as it was given, and nobody is asked again', async () => {
  const job = await waiting();
  const { at } = await answeredInVain(job);
  const first = await findAssist(system.database, job);
  const again = await retried(job);
  expect(await ended(again)).toMatchObject({
    ...{ status: 'completed', attempt: 2, result: { version: 2, source: 'person' } },
  });
  const stored = await readMeasurement(system.database, job.job_id);
  expect(stored?.latest.reference).toMatchObject({ source: 'person', corners: markerCorners });
  expect(await findAssist(system.database, again)).toEqual({ ...first, attempt: 2 });
  expect(first).toMatchObject({ answered_by: by, answered_at: new Date(at) });
  // All of the second attempt's own, and nothing of the first's: that one may still be writing.
  const artifacts = await listArtifacts(system.database, job.job_id);
  expect(artifacts.map(({ name }) => name)).toEqual([
    'annotated-2.a2.jpg',
    'annotated.a2.jpg',
    'outcome-2.a2.json',
    'outcome.a2.json',
    'preview.a2.jpg',
    'rectified-2.a2.jpg',
  ]);
  for (const { key, sha256 } of artifacts) expect((await system.store.head(key))?.sha256).toBe(sha256);
  const steps = await listTransitions(system.database, job.job_id);
  expect(steps.filter(({ stage }) => stage === 'ASSIST')).toHaveLength(1);
  expect(steps.map(({ why }) => why)).toContain(
    'What lab-1 answered to attempt 1 counts; nobody is asked again',
  );
  const told = await listWebhookEvents(system.database, job.job_id);
  expect(told.map(({ type }) => type)).toEqual(['job.needs_assist', 'job.failed', 'job.succeeded']);
});

test('cancelled after an answer, and retried: asked anew', async () => {
  const job = await waiting();
  await answeredInVain(job);
  const second = await retried(job);
  await requestCancel(system.database, job.job_id, { by, why: 'it was the wrong corner' });
  system.relay.wake();
  expect(await ended(second)).toMatchObject({ status: 'canceled' });
  const third = await retried(job);
  await system.until(job.job_id, waits);
  expect(await findAssist(system.database, third)).toMatchObject({ attempt: 3, answered_at: null });
  await answer(third, { reference_corners: markerCorners, note: 'better' });
  expect(await ended(third)).toMatchObject({ status: 'completed' });
  expect(await findAssist(system.database, third)).toMatchObject({ answer: { note: 'better' } });
});
