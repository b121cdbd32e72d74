import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { transitionJob } from '../../../../src/database/jobs/transition-job.ts';
import { persistMeasurement } from '../../../../src/kinds/measurement/tables/persist-measurement.ts';
import { type RunningApi, startApi } from '../../../api/running-api.ts';
import { measured, measuringJob, version } from '../../../database/assist/waiting-job.ts';
import { step } from '../../../database/jobs.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

test('a measurement has a report for people: as Markdown, and as a page with its picture', async () => {
  const owner = await api.user('user', 'coach-7');
  const job = await measuringJob(api.database);
  const annotated_image_key = `jobs/${job.job_id}/measuring/annotated.jpg`;
  const move = { ...step(job), to: 'completed', stage: 'DONE', why: 'all is there', result: { version: 1 } };
  await transitionJob(api.database, move, (tx) =>
    persistMeasurement(tx, { ...version(job, 1, [measured(1, 85)]), annotated_image_key, artifacts: [] }),
  );
  const { body } = await api.ask(owner, 'GET', `/api/jobs/${job.job_id}`);
  const as = async (accept: string) =>
    (await api.ask(owner, 'GET', body.links.report, { headers: { accept } })).body;
  expect(await as('application/json')).toEqual({ version: 1 });
  const picture = `/api/jobs/${job.job_id}/artifacts/measuring/annotated.jpg`;
  expect(await as('text/markdown')).toMatch(/^# Measurement[\s\S]*\| 1 \| 85\.0 × 170\.0 mm \|/);
  expect(await as('text/markdown')).toContain(`](${picture})`);
  expect(await as('text/html')).toContain(`<img src="${picture}"`);
});
