import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findSession } from '../../src/database/sessions/find-session.ts';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { openS3WithRefusals, type S3WithRefusals } from './support/s3-with-refusals.ts';
import { type System, squats, startSystem } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let s3: S3WithRefusals;
let system: System;
beforeAll(async () => {
  s3 = await openS3WithRefusals();
  system = await startSystem('guardrail');
  await system.startWorker({ AWS_ENDPOINT_URL_S3: s3.endpoint });
});
afterAll(async () => {
  await system?.close();
  await s3?.close();
});

test('a report that S3 refuses for good fails the job, saying exactly what is missing', async () => {
  s3.refuse('PUT', /\/quick\/report\.json$/);
  const { job_id, session_id, workflow_id } = await system.submit(squats, { mode: 'quick' });
  const job = await system.until(job_id, ({ phase }) => phase === 'failed' || phase === 'succeeded');
  const message = 'Critical artifacts missing: findings=present report=MISSING';
  expect(job).toMatchObject({ status: 'failed', stage: 'FAILED', error_message: message });
  expect(job.error_type).toBe('CriticalArtifactsMissing');
  expect(await findSession(system.database, session_id)).toMatchObject({ status: 'failed' });
  await expect(system.client.workflow.getHandle(workflow_id).result()).rejects.toMatchObject({
    cause: { type: 'CriticalArtifactsMissing', message, nonRetryable: true },
  });
  // What could be written stays.
  const { quick } = await readTechniquePasses(system.database, job_id);
  expect(quick).toMatchObject({ report: null, findings: { findings: expect.anything() } });
});

test('full results that S3 refuses for good fail the job, naming the object', async () => {
  s3.refuse('PUT', /\/deep\/deep_results\.json$/);
  const { job_id } = await system.submit(squats, { mode: 'deep' });
  const job = await system.until(job_id, ({ phase }) => phase === 'failed' || phase === 'succeeded');
  expect(job.status).toBe('failed');
  expect(job.error_message).toMatch(/S3 refused to write .*deep_results\.json/);
});
