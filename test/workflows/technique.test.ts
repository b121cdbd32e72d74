import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { samplePath } from '../support/media/shipped.ts';
import { type System, startSystem, type WorkerProcess } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let system: System;
let worker: WorkerProcess;
beforeAll(async () => {
  system = await startSystem('technique');
  worker = await system.startWorker();
});
afterAll(() => system?.close());

test('a deep job of squats counts three repetitions and is done', async () => {
  const { job_id } = await system.submit(samplePath('squats.mp4'), { mode: 'deep' });
  const job = await system.until(job_id, ({ phase }) => phase !== 'queued' && phase !== 'running');
  expect(job).toMatchObject({ status: 'done', stage: 'DONE', progress_pct: 100, error_message: null });
  expect(job.result).toMatchObject({ pass: 'deep', repetitions: 3 });
  const { quick, deep } = await readTechniquePasses(system.database, job_id);
  expect(quick?.results_s3_key).toBe(`jobs/${job_id}/quick/quick_results.json`);
  expect(deep?.results_s3_key).toBe(`jobs/${job_id}/deep/deep_results.json`);
  expect(deep).toMatchObject({ report: { text: expect.stringContaining('squat') } });
  const bucket = system.bucket;
  const many = expect.any(Number);
  const deepKey = `jobs/${job_id}/deep/deep_results.json`;
  // Told a moment after the row says so.
  await worker.said('[PERSISTED] Deep job completed');
  const lines = worker.lines.filter((line) => line.job_id === job_id);
  for (const line of [
    { msg: 'Saving quick results to S3', bucket, key: `jobs/${job_id}/quick/quick_results.json` },
    {
      msg: 'Persisted quick artifacts',
      results_s3_key: `jobs/${job_id}/quick/quick_results.json`,
      findings_len: many,
      report_len: many,
    },
    { msg: 'Saving deep frames to S3', frames_count: 65 },
    { msg: 'Saving deep results to S3', bucket, key: deepKey },
    {
      msg: '[PERSISTED] Deep job completed',
      status_after: 'done',
      stage: 'DONE',
      progress: 100,
      deep_results_s3_key: deepKey,
      findings_len: many,
      report_len: many,
    },
  ])
    expect(lines).toContainEqual(expect.objectContaining(line));
});
