import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '../../../../src/database/transaction.ts';
import { persistMeasurement } from '../../../../src/kinds/measurement/tables/persist-measurement.ts';
import { type RunningApi, startApi, type TestUser } from '../../../api/running-api.ts';
import { measuringJob, version, waitingJob } from '../../../database/assist/waiting-job.ts';

let api: RunningApi;
let owner: TestUser;
beforeAll(async () => {
  api = await startApi();
  owner = await api.user('user', 'coach-7');
});
afterAll(() => api?.close());

const imagesOf = async (id: string) => (await api.ask(owner, 'GET', `/api/analyses/${id}`)).body.images;

test('the picture to draw on is linked with its size, before and after the answer', async () => {
  const job = await measuringJob(api.database);
  const preview = { key: `jobs/${job.job_id}/measuring/preview.jpg`, width: 2000, height: 1500 };
  const persist = (number: number, of: typeof preview | null) =>
    inTransaction(api.database, 'a version', (tx) =>
      persistMeasurement(tx, { ...version(job, number), preview: of, artifacts: [] }),
    );
  await persist(1, preview);
  const linked = { ...preview, url: expect.stringContaining('preview.jpg'), expires_at: expect.any(String) };
  expect((await imagesOf(job.job_id)).preview).toEqual(linked);
  await persist(2, null);
  expect((await imagesOf(job.job_id)).preview).toEqual(linked);
});

test('where there is none, as in versions of an earlier release, it is null', async () => {
  const job = await waitingJob(api.database);
  expect((await imagesOf(job.job_id)).preview).toBeNull();
});
