import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { makeLookQuickly } from '../../../src/activities/mri/look-quickly.ts';
import type { MriNeeds } from '../../../src/activities/mri/mri-needs.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { markDispatched } from '../../../src/database/jobs/mark-dispatched.ts';
import { recordProgress } from '../../../src/database/jobs/record-progress.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { readMriModels } from '../../../src/kinds/mri/mri-models.ts';
import { persistResult } from '../../../src/kinds/mri/tables/persist-result.ts';
import { readResults } from '../../../src/kinds/mri/tables/read-results.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { openTestDatabase, request, step } from '../../database/jobs.ts';
import { samplePath } from '../../support/media/shipped.ts';
import { openMriPool } from '../../support/mri/segment-head.ts';
import { createTestBucket } from '../../support/servers.ts';

const scratch = mkdtempSync(join(tmpdir(), 'doubletake-mri-quick-'));
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let bucket: Awaited<ReturnType<typeof createTestBucket>>;
let store: ArtifactStore;
let pool: ReturnType<typeof openMriPool>;

beforeAll(async () => {
  [database, bucket] = await Promise.all([openTestDatabase(), createTestBucket()]);
  store = openStore({ bucket: bucket.name, forcePathStyle: true });
  pool = openMriPool();
});
afterAll(async () => {
  await pool?.close();
  await Promise.all([database?.drop(), bucket?.remove()]);
  rmSync(scratch, { recursive: true, force: true });
});

test('a first result whose row was not written is written by the next try, which looks at nothing again', async () => {
  const { job } = request();
  const accepted = await acceptJob(database, request({ job: { ...job, kind: 'mri', options: {} } }));
  await markDispatched(database, accepted.job.job_id, accepted.job.attempt);
  const at = step(accepted.job);
  await transitionJob(database, { ...at, to: 'segmenting', stage: 'SEGMENTING', why: 'Work began' });
  let looks = 0;
  const needs: Partial<MriNeeds> = {
    ...{ store, scratch, threads: 2, softwareVersion: 'test' },
    models: await readMriModels(samplePath('../models')),
    fetchOriginal: async () => ({ path: samplePath('small-t1.nii.gz'), sha256: 'f'.repeat(64) }),
    pool: {
      run(...call) {
        looks++;
        return pool.run(...call);
      },
    },
    recordProgress: (progress) => recordProgress(database, progress),
  };
  const run = (persist: MriNeeds['persistResult']) =>
    new MockActivityEnvironment().run(
      makeLookQuickly({ ...needs, persistResult: persist } as MriNeeds) as (job: object) => Promise<unknown>,
      { ...at, session_id: accepted.job.session_id, file_name: 'scan-12345678.nii.gz' },
    );
  const lost = run(async () => {
    throw new Error('the worker stopped here');
  });
  await expect(lost).rejects.toThrow('the worker stopped here');
  expect(await readResults(database.em(), at.job_id)).toEqual([]);
  await run((...row) => persistResult(database, ...row));
  const [quick, ...others] = await readResults(database.em(), at.job_id);
  expect([quick?.look, others, looks]).toEqual(['quick', [], 1]);
  expect(quick?.processing_metrics).toMatchObject({ rough: { brain_ml: expect.any(Number) } });
  expect(await store.head(quick?.segmentation_result_key as string)).not.toBeNull();
  expect((await findJob(database, at.job_id))?.progress_pct).toBeGreaterThan(0);
}, 120_000);
