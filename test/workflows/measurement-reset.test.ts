import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { findAssist } from '../../src/database/assist/find-assist.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import type { AcceptedAnswer } from '../../src/domain/assist.ts';
import type { Job } from '../../src/domain/job.ts';
import { isOpen } from '../../src/domain/phase.ts';
import type { AssistAnswer } from '../../src/kinds/measurement/answers/answer.ts';
import type { Point } from '../../src/kinds/measurement/outcome.ts';
import { readMeasurement } from '../../src/kinds/measurement/tables/read-measurement.ts';
import { markerCorners, oneThing, type phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import { resetWorkflow, taskBefore } from './support/reset.ts';
import { type System, startSystem, type WorkerProcess } from './support/system.ts';

/** What an operator's Reset does to a job that asks people. */

jest.setTimeout(180_000);

let system: System;
let main: WorkerProcess;
let compute: WorkerProcess;
let unmarked: typeof phone;
beforeAll(async () => {
  unmarked = await withoutMarker(markerCorners);
  system = await startSystem('measurement-reset');
  main = await system.startWorker({ DOUBLETAKE_QUEUES: 'main' });
  await startCompute();
});
afterEach(startCompute);
afterAll(() => system?.close());

async function startCompute(): Promise<void> {
  compute ??= await system.startWorker({ DOUBLETAKE_QUEUES: 'compute' });
}

/** Whatever is to be measured from now on waits. */
async function stopCompute(): Promise<void> {
  await compute.stop();
  compute = undefined as unknown as WorkerProcess;
}

const waits = ({ status, stage }: Job) => status === 'needs_assist' && stage === 'ASSIST';
const ended = (job: Job) => system.until(job.job_id, ({ phase }) => !isOpen(phase));

async function waiting(photograph: typeof phone = unmarked): Promise<Job> {
  const { job_id } = await system.submitAs('measurement', photograph);
  return system.until(job_id, waits);
}

function answer({ workflow_id }: Job, given: AssistAnswer, by = 'lab-1') {
  return system.client.workflow
    .getHandle(workflow_id)
    .executeUpdate<AcceptedAnswer, [{ answer: AssistAnswer; by: string }]>('assist', {
      args: [{ answer: given, by }],
    });
}

/** Answered, and the answer still to be worked in. */
async function answered(job: Job, given: AssistAnswer): Promise<AcceptedAnswer> {
  await stopCompute();
  const accepted = await answer(job, given);
  await system.until(job.job_id, ({ stage }) => stage === 'RECALCULATING');
  return accepted;
}

const asks = async (job: Job) =>
  (await listTransitions(system.database, job.job_id)).filter(({ stage }) => stage === 'ASSIST').length;

test.each(['the start', 'the question'])(
  'reset to %s while an answer is worked in: it counts as it was given, and nobody is asked again',
  async (to) => {
    const job = await waiting();
    const { by, at } = await answered(job, { reference_corners: markerCorners });
    const { workflow_id } = job;
    const task = to === 'the start' ? undefined : await taskBefore(system, workflow_id, 'askPerson');
    const run = await resetWorkflow(system, workflow_id, task);
    await startCompute();
    expect(await ended(job)).toMatchObject({
      ...{ status: 'completed', attempt: 1, result: { version: 2, source: 'person' } },
    });
    expect(await run.result()).toMatchObject({ outcome: 'completed' });
    expect(await findAssist(system.database, job)).toMatchObject({
      ...{
        question: 1,
        answered_by: by,
        answered_at: new Date(at),
        answer: { reference_corners: markerCorners },
      },
    });
    const stored = await readMeasurement(system.database, job.job_id);
    expect(stored?.latest).toMatchObject({ version: 2, reference: { source: 'person' } });
    expect(await asks(job)).toBe(1);
  },
);

test('reset after a second answer: both count, in their order', async () => {
  const box: Point[] = [
    [400, 300],
    [700, 300],
    [700, 600],
    [400, 600],
  ];
  const job = await waiting(await oneThing(box));
  await answer(job, { reference_corners: box });
  while ((await findAssist(system.database, job))?.question !== 2) await sleep(50);
  await system.until(job.job_id, waits);
  const outlines = [{ n: 1, points: box.map(([x, y]): Point => [x + 350, y]) }];
  const second = await answered(job, { reference_corners: box, outlines });
  const before = await findAssist(system.database, job);
  await resetWorkflow(system, job.workflow_id);
  await startCompute();
  expect(await ended(job)).toMatchObject({ status: 'completed', result: { version: 3, source: 'person' } });
  expect(await findAssist(system.database, job)).toEqual(before);
  expect(before).toMatchObject({ answered_by: second.by, ask: { earlier: [{ by: 'lab-1' }] } });
  expect(await asks(job)).toBe(2);
});

test.each(['the start', 'the question'])(
  'reset to %s while it waits: the same question, until the same hour, and it takes the answer',
  async (to) => {
    const job = await waiting();
    const before = await findAssist(system.database, job);
    const { workflow_id } = job;
    const task = to === 'the start' ? undefined : await taskBefore(system, workflow_id, 'askPerson');
    const asked = () =>
      main.lines.filter(({ msg, job_id }) => msg === 'A person is asked' && job_id === job.job_id).length;
    while (asked() < 1) await sleep(50);
    await resetWorkflow(system, workflow_id, task);
    while (asked() < 2) await sleep(50);
    expect(await findAssist(system.database, job)).toEqual(before);
    expect(await system.job(job.job_id)).toMatchObject({ status: 'needs_assist', stage: 'ASSIST' });
    await answer(job, { reference_corners: markerCorners });
    expect(await ended(job)).toMatchObject({ status: 'completed', result: { version: 2 } });
    expect(await asks(job)).toBe(1);
  },
);
