import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestCancel } from '../../../src/database/jobs/request-cancel.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import type { HeadMeasurements } from '../../../src/kinds/mri/analysis/measured.ts';
import { readResults } from '../../../src/kinds/mri/tables/read-results.ts';
import { type System, startSystem, type WorkerProcess } from '../../workflows/support/system.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'doubletake-mri-story-'));
let system: System;
let worker: WorkerProcess;
const startWorker = () =>
  system.startWorker({ DOUBLETAKE_KINDS: 'mri', DOUBLETAKE_SCRATCH: join(folder, 'scratch') });

beforeAll(async () => {
  system = await startSystem('mri');
  worker = await startWorker();
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const submit = (path: string, name: string) =>
  system.submitAs('mri', { name, bytes: readFileSync(join(root, path)), media_type: 'application/gzip' });
const ended = (id: string) => system.until(id, ({ phase }) => !isOpen(phase), 900);

test('a head: every status in order, volumes that a head has, maps, pictures, and a report of their values', async () => {
  const { job_id, session_id } = await submit('samples/head-t1.nii.gz', 'SECRET^NAME.nii.gz');
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'completed', error_message: null });
  const result = job.result as unknown as HeadMeasurements;
  const grey = result.tissue.gm_ml.value as number;
  const white = result.tissue.wm_ml.value as number;
  expect(grey + white).toBeGreaterThan(1150);
  expect(grey + white).toBeLessThan(1350);
  for (const side of ['left', 'right'] as const) {
    expect(result.structures.hippocampus[side].value).toBeGreaterThan(3);
    expect(result.structures.hippocampus[side].value).toBeLessThan(5);
  }
  expect(await statuses(job_id)).toEqual(['uploaded', 'segmenting', 'converting', 'enhancing', 'completed']);

  const [quick, deep] = await readResults(system.database.em(), job_id);
  expect(quick).toMatchObject({ look: 'quick', enhanced_report: null });
  expect(deep?.segmentation_result_key).toBe(artifactKey(job_id, 'segmenting', 'tissue.nii.gz'));
  expect(deep?.enhanced_report).toContain(grey.toFixed(0));
  expect(deep?.enhanced_report).toMatch(/not for diagnosis/i);
  for (const name of [
    'structures.nii.gz',
    'overlay-axial.png',
    'overlay-coronal.png',
    'overlay-sagittal.png',
  ])
    expect(await system.store.head(artifactKey(job_id, 'segmenting', name))).not.toBeNull();

  const originals: string[] = [];
  for await (const { key } of system.store.list('originals/')) originals.push(key);
  expect(originals).toHaveLength(1);
  expect(originals[0]).toContain(`scan-${session_id.slice(0, 8)}.nii.gz`);
}, 1_000_000);

test('what is no head ends at segmenting, says why, and is not kept', async () => {
  const { job_id } = await submit('test/kinds/mri/fixtures/not-t1_pd.nii.gz', 'pd.nii.gz');
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'failed', error_type: 'UnsupportedMedia' });
  expect(await statuses(job_id)).toEqual(['uploaded', 'segmenting', 'failed']);
}, 600_000);

test('a job whose worker is killed, and which is then canceled and retried, does nothing again that was done', async () => {
  const { job_id } = await submit('samples/small-t1.nii.gz', 'small.nii.gz');
  const labels = async (look: string) => {
    const head = await system.store.head(artifactKey(job_id, 'segmenting', `${look}.labels.nii.gz`));
    return head?.sha256 && { ...head.metadata, sha256: head.sha256 };
  };
  const reached = async (look: string) => {
    while (!(await labels(look))) await system.until(job_id, ({ phase }) => isOpen(phase));
  };
  await reached('brain');
  // The quick look and the first model, as shares of what the whole takes; the report is not written yet.
  const { progress_pct } = await system.until(job_id, (job) => job.progress_pct >= 24);
  expect(progress_pct).toBeLessThan(85);
  await worker.stop('SIGKILL');
  const brain = await labels('brain');
  worker = await startWorker();
  await reached('structures');
  const structures = await labels('structures');
  await requestCancel(system.database, job_id, { by: 'dora', why: 'a test' });
  system.relay.wake();
  expect(await ended(job_id)).toMatchObject({ status: 'canceled' });
  await retryJob(system.database, job_id, { by: 'dora' });
  system.relay.wake();
  const job = await system.until(job_id, ({ attempt, phase }) => attempt === 2 && !isOpen(phase), 600);
  expect(job).toMatchObject({ status: 'completed', error_message: null });
  // The seconds that each look took are among what is kept with it: done again, they would be others.
  expect([await labels('brain'), await labels('structures')]).toEqual([brain, structures]);
  const results = await readResults(system.database.em(), job_id);
  expect(results.map(({ look }) => look)).toEqual(['quick', 'deep']);
}, 1_000_000);

async function statuses(jobId: string): Promise<string[]> {
  const rows = await system.database
    .em()
    .execute<{ to_status: string }[]>('SELECT to_status FROM job_transitions WHERE job_id = ? ORDER BY id', [
      jobId,
    ]);
  return rows.map(({ to_status }) => to_status).filter((status, at, all) => status !== all[at - 1]);
}
