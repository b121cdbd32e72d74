import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { temporal } from '@temporalio/proto';
import { findAssist } from '../../src/database/assist/find-assist.ts';
import { transaction } from '../../src/database/transaction.ts';
import type { AcceptedAnswer } from '../../src/domain/assist.ts';
import type { Job } from '../../src/domain/job.ts';
import { isOpen } from '../../src/domain/phase.ts';
import type { AssistAnswer } from '../../src/kinds/measurement/answers/answer.ts';
import { markerCorners, type phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import { readableEvent } from './support/readable-event.ts';
import { type System, startSystem, type WorkerProcess } from './support/system.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Whoever is told that an answer counts can rely on it, whatever happens to the job in that moment. */

jest.setTimeout(120_000);

let system: System;
let worker: WorkerProcess;
let unmarked: typeof phone;
beforeAll(async () => {
  unmarked = await withoutMarker(markerCorners);
  system = await startSystem('measurement-kept');
  worker = await system.startWorker();
  await sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the database wants none of it' USING ERRCODE = '23514'; END $$`);
});
afterAll(() => system?.close());

const sql = <Row>(text: string, parameters: unknown[] = []) =>
  system.database.em().execute<Row[]>(text, parameters);
const waits = ({ status, stage }: Job) => status === 'needs_assist' && stage === 'ASSIST';
const ended = (job: Job) => system.until(job.job_id, ({ phase }) => !isOpen(phase));
const handleOf = ({ workflow_id }: Job) => system.client.workflow.getHandle(workflow_id);

async function waiting(options: Record<string, unknown> = {}): Promise<Job> {
  const { job_id } = await system.submitAs('measurement', unmarked, { options });
  return system.until(job_id, waits);
}

function answer(job: Job, given: AssistAnswer) {
  return handleOf(job).executeUpdate<AcceptedAnswer, [{ answer: AssistAnswer; by: string }]>('assist', {
    args: [{ answer: given, by: 'lab-1' }],
  });
}

/** While it is held, nobody else writes the job's rows. */
async function whileHeld<T>({ job_id }: Job, work: () => Promise<T>): Promise<T> {
  return transaction(system.database, async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    return work();
  });
}

async function begun(job: Job, activity: string): Promise<void> {
  for (;;) {
    const { raw } = await handleOf(job).describe();
    const pending = raw.pendingActivities ?? [];
    if (
      pending.some(({ activityType, lastStartedTime }) => activityType?.name === activity && lastStartedTime)
    )
      return;
    await sleep(50);
  }
}

async function until(job: Job, is: (event: HistoryEvent) => unknown): Promise<void> {
  while (!(await handleOf(job).fetchHistory()).events?.some(is)) await sleep(50);
}

test('when somebody is told that their answer counts, it is in the database, and nobody is waited for', async () => {
  const job = await waiting();
  const { by, at } = await answer(job, { reference_corners: markerCorners });
  expect(await findAssist(system.database, job)).toMatchObject({
    ...{ answered_by: by, answered_at: new Date(at), answer: { reference_corners: markerCorners } },
  });
  expect(await system.job(job.job_id)).toMatchObject({ assist_due_at: null });
  expect(await ended(job)).toMatchObject({ status: 'completed' });
});

test('the history has the answer once, with the update that brought it', async () => {
  const job = await waiting();
  await answer(job, { reference_corners: markerCorners, note: 'to be found once' });
  await ended(job);
  const { events } = await handleOf(job).fetchHistory();
  const holding = (events ?? []).filter((event) => readableEvent(event).includes('to be found once'));
  expect(holding).toHaveLength(1);
  expect(holding[0]?.workflowExecutionUpdateAcceptedEventAttributes).toBeTruthy();
});

test('cancelled with a reminder under way and an answer just taken: canceled, and the answer kept', async () => {
  const job = await waiting({ assist_within_hours: 0.0006 });
  const taken = await whileHeld(job, async () => {
    await begun(job, 'remindOfAnswer');
    const given = answer(job, { reference_corners: markerCorners });
    await until(job, ({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted);
    await handleOf(job).cancel();
    await until(job, ({ activityTaskCancelRequestedEventAttributes: heard }) => heard);
    return { given };
  });
  expect(await taken.given).toMatchObject({ by: 'lab-1' });
  expect(await ended(job)).toMatchObject({ status: 'canceled', assist_due_at: null });
  expect(await findAssist(system.database, job)).toMatchObject({
    ...{ answered_by: 'lab-1', answer: { reference_corners: markerCorners } },
  });
});

test('a reminder that fails is told in the log; the job waits on and takes the answer', async () => {
  await sql(`CREATE TRIGGER no_reminder BEFORE UPDATE ON assist_requests FOR EACH ROW
    WHEN (NEW.reminded_at IS NOT NULL AND OLD.reminded_at IS NULL) EXECUTE FUNCTION refuse()`);
  try {
    const job = await waiting({ assist_within_hours: 0.0003 });
    await worker.said('Could not remind of an answer');
    expect(await system.job(job.job_id)).toMatchObject({ status: 'needs_assist', stage: 'ASSIST' });
    await answer(job, { reference_corners: markerCorners });
    expect(await ended(job)).toMatchObject({ status: 'completed' });
  } finally {
    await sql('DROP TRIGGER no_reminder ON assist_requests');
  }
});

test('an answer that the database does not take is refused to whoever gave it; the next one counts', async () => {
  await sql(`CREATE TRIGGER no_answer BEFORE UPDATE ON assist_requests FOR EACH ROW
    WHEN (NEW.answer ->> 'note' = 'not this one') EXECUTE FUNCTION refuse()`);
  try {
    const job = await waiting();
    const refused = await answer(job, { reference_corners: markerCorners, note: 'not this one' }).catch(
      ({ cause }) => cause,
    );
    expect(refused).toMatchObject({
      type: 'ImpossibleAnswer',
      message: expect.stringMatching(/could not be written down/),
    });
    expect(await system.job(job.job_id)).toMatchObject({ status: 'needs_assist', stage: 'ASSIST' });
    await answer(job, { reference_corners: markerCorners });
    expect(await ended(job)).toMatchObject({ status: 'completed' });
    expect((await findAssist(system.database, job))?.answer).toEqual({ reference_corners: markerCorners });
  } finally {
    await sql('DROP TRIGGER no_answer ON assist_requests');
  }
});
