import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { recordAssistAnswer } from '../../../../src/database/assist/record-assist-answer.ts';
import { findJob } from '../../../../src/database/jobs/find-job.ts';
import { listArtifacts } from '../../../../src/database/jobs/list-artifacts.ts';
import { retryJob } from '../../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../../../src/database/transaction.ts';
import type { Job } from '../../../../src/domain/job.ts';
import {
  measurementFields,
  measurementFieldsIn,
} from '../../../../src/kinds/measurement/tables/measurement-fields.ts';
import { persistMeasurement } from '../../../../src/kinds/measurement/tables/persist-measurement.ts';
import { readMeasurement } from '../../../../src/kinds/measurement/tables/read-measurement.ts';
import {
  askAbout,
  measured,
  measuringJob,
  version,
  waitingJob,
} from '../../../database/assist/waiting-job.ts';
import { openTestDatabase, step } from '../../../database/jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const completed = { to: 'completed', stage: 'DONE', why: 'All there' };

function artifactOf({ job_id }: Job, name: string) {
  const key = `jobs/${job_id}/measuring/${name}`;
  return { pass: 'measuring', name, key, media_type: 'image/jpeg', bytes: 3, sha256: 'b'.repeat(64) };
}

test('measurements are read as they were written, with their images’ keys', async () => {
  const job = await measuringJob(database);
  const artifact = artifactOf(job, 'annotated.jpg');
  const { key } = artifact;
  const written = { ...version(job, 1, [measured(1, 85), { ...measured(2, 12), label: 'coin' }]) };
  await transitionJob(database, { ...step(job), ...completed }, async (tx) => {
    await persistMeasurement(tx, { ...written, annotated_image_key: key, artifacts: [artifact] });
    expect(await measurementFieldsIn(tx, job.job_id)).toEqual(
      new Set(['measurements', 'annotated_image_key']),
    );
  });
  const stored = await readMeasurement(database, job.job_id);
  expect(stored?.latest).toEqual({ ...written, annotated_image_key: key });
  expect(stored?.machine).toEqual(stored?.latest);
  expect(await listArtifacts(database, job.job_id)).toEqual([artifact]);
  expect(await measurementFields(database, job.job_id)).toEqual(
    new Set(['measurements', 'annotated_image_key']),
  );
});

test('what no version is made of any more is the job’s no longer', async () => {
  const job = await measuringJob(database);
  const write = async (number: number, ...names: string[]) =>
    inTransaction(database, 'a version', (tx) =>
      persistMeasurement(tx, {
        ...version(job, number),
        artifacts: names.map((name) => artifactOf(job, name)),
      }),
    );
  const claimed = async () => (await listArtifacts(database, job.job_id)).map(({ name }) => name);
  await write(1, 'annotated.jpg', 'outcome.json');
  await write(2, 'annotated-2.jpg', 'outcome-2.json');
  expect(await claimed()).toEqual(['annotated-2.jpg', 'annotated.jpg', 'outcome-2.json', 'outcome.json']);
  await write(2, 'annotated-2.jpg');
  expect(await claimed()).toEqual(['annotated-2.jpg', 'annotated.jpg', 'outcome.json']);
  await write(1, 'annotated.a2.jpg', 'outcome.a2.json');
  expect(await claimed()).toEqual(['annotated.a2.jpg', 'outcome.a2.json']);
});

test('what the machine and what a person said are both kept', async () => {
  const job = await waitingJob(database);
  expect(await measurementFields(database, job.job_id)).toEqual(new Set());
  await transitionJob(database, { ...step(job), ...completed }, async (tx) => {
    await persistMeasurement(tx, { ...version(job, 2, [measured(1, 85)]), artifacts: [] });
    await recordAssistAnswer(tx, {
      ...step(job),
      question: 1,
      answer: { size_mm: 50 },
      by: 'coach-7',
      at: new Date(),
    });
  });
  const stored = await readMeasurement(database, job.job_id);
  expect(stored?.machine).toMatchObject({ version: 1, source: 'machine', objects: [] });
  expect(stored?.latest).toMatchObject({ version: 2, source: 'person', objects: [{ n: 1 }] });
});

test('a failure in the middle leaves the job, its measurements and the question as they were', async () => {
  const job = await waitingJob(database);
  const tooLong = { ...measured(2, 12), label: 'x'.repeat(256) };
  const broken = transitionJob(database, { ...step(job), ...completed }, async (tx) => {
    await recordAssistAnswer(tx, {
      ...step(job),
      question: 1,
      answer: { size_mm: 50 },
      by: 'coach-7',
      at: new Date(),
    });
    await persistMeasurement(tx, { ...version(job, 2, [measured(1, 85), tooLong]), artifacts: [] });
  });
  await expect(broken).rejects.toMatchObject({ type: 'DatabaseWriteError' });
  expect(await findJob(database, job.job_id)).toEqual(job);
  expect((await readMeasurement(database, job.job_id))?.latest.version).toBe(1);
  expect(
    await database.em().execute('SELECT answer FROM assist_requests WHERE job_id = ?', [job.job_id]),
  ).toEqual([{ answer: null }]);
});

test('a retry measures anew in the place of what the attempt before had written', async () => {
  const job = await waitingJob(database);
  await transitionJob(database, {
    ...step(job),
    to: 'failed',
    stage: 'FAILED',
    why: 'S3',
    error_message: 'S3',
  });
  const again = await retryJob(database, job.job_id, { by: 'coach-7' });
  await transitionJob(database, { ...step(again), to: 'processing', stage: 'MEASURING', why: 'again' });
  const waiting = await askAbout(database, again);
  expect(waiting).toMatchObject({ status: 'needs_assist', attempt: 2 });
  expect((await readMeasurement(database, job.job_id))?.latest.version).toBe(1);
});
