import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type CleanOriginalNeeds, makeCleanOriginal } from '../../../src/activities/mri/clean-original.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { replaceOriginal } from '../../../src/database/sessions/replace-original.ts';
import type { Session } from '../../../src/domain/job.ts';
import { mriTasks } from '../../../src/kinds/mri/child/task-module.ts';
import type { MriTasks } from '../../../src/kinds/mri/child/tasks.ts';
import { type ChildPool, openChildPool } from '../../../src/media/child-pool.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { openTestDatabase, request } from '../../database/jobs.ts';
import { expectNoMark, MARK, markedNifti, markedSeries } from '../../support/mri/marked-scans.ts';
import { createTestBucket } from '../../support/servers.ts';

/** The step that takes away what names a person, stopped anywhere, repeated, and run twice at once. */

const scratch = mkdtempSync(join(tmpdir(), 'doubletake-mri-cleaning-'));
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let bucket: Awaited<ReturnType<typeof createTestBucket>>;
let store: ArtifactStore;
let pool: ChildPool<MriTasks>;
let marked: Buffer;

beforeAll(async () => {
  [database, bucket, marked] = await Promise.all([openTestDatabase(), createTestBucket(), markedSeries()]);
  store = openStore({ bucket: bucket.name, forcePathStyle: true });
  pool = openChildPool<MriTasks>({ modules: [mriTasks], size: 2 });
});
afterAll(async () => {
  await pool?.close();
  await Promise.all([database?.drop(), bucket?.remove()]);
  rmSync(scratch, { recursive: true, force: true });
});

const sessionOf = async (id: string) => (await findSession(database, id)) as Session;

async function uploaded(bytes: Buffer = marked): Promise<{ id: string; jobId: string }> {
  const { session: wanted, job } = request();
  const session = { ...(wanted as Session), file_name: 'scan-12345678.zip', media_type: 'application/zip' };
  session.original_key = `originals/coach-7/${session.id}/original`;
  await store.put(session.original_key, bytes, { mediaType: 'application/zip' });
  // As the protocol of resumable uploads leaves it beside the file.
  await store.put(`${session.original_key}.info`, `{"filename": "${MARK}.zip"}`, { mediaType: 'text/plain' });
  await acceptJob(database, { session, job: { ...job, kind: 'mri', options: {} } });
  return { id: session.id, jobId: job.job_id };
}

function clean(of: { id: string; jobId: string }, changes: Partial<CleanOriginalNeeds['store']> = {}) {
  const activity = makeCleanOriginal({
    store: Object.assign(Object.create(store), changes),
    ...{ pool, scratch },
    readSession: sessionOf,
    replaceOriginal: ({ id, original_key }, by) => replaceOriginal(database, id, original_key as string, by),
  });
  const job = { job_id: of.jobId, attempt: 1, session_id: of.id, file_name: 'scan-12345678.zip' };
  return new MockActivityEnvironment().run(activity, job) as ReturnType<typeof activity>;
}

/** The session's file is the one there is, whole, and nobody is named. */
async function expectCleaned(id: string): Promise<void> {
  const session = await sessionOf(id);
  const keys: string[] = [];
  for await (const { key } of store.list(`originals/coach-7/${id}/`)) keys.push(key);
  expect(keys).toEqual([session.original_key]);
  expect(session.original_key).toMatch(new RegExp(`/scan-${id.slice(0, 8)}\\.zip$`));
  expect(session.file_name).toBe(`scan-${id.slice(0, 8)}.zip`);
  const bytes = await store.get(keys[0] as string);
  expect({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }).toEqual({
    sha256: session.sha256,
    bytes: session.bytes,
  });
  expectNoMark(bytes);
}

const broken = async () => {
  throw new Error('the worker stopped here');
};

test('stopped after the cleaned file is written, or before the raw one is removed, it goes on', async () => {
  const scan = await uploaded();
  await expect(clean(scan, { deleteKeys: broken })).rejects.toThrow('the worker stopped here');
  // Named by the session from now on: whoever reads the original does not find the raw one.
  expect((await sessionOf(scan.id)).file_name).toBe(`scan-${scan.id.slice(0, 8)}.zip`);
  await clean(scan);
  await expectCleaned(scan.id);
  await clean(scan);
  await expectCleaned(scan.id);
});

test('two at once leave one cleaned file, which is the one that the session names', async () => {
  const scan = await uploaded();
  await Promise.allSettled([clean(scan), clean(scan)]);
  await clean(scan);
  await expectCleaned(scan.id);
});

test('what cannot be cleaned is removed, also when it stops in the middle of that', async () => {
  const scan = await uploaded(markedNifti(2).subarray(0, 600));
  await expect(clean(scan, { deleteKeys: broken })).rejects.toThrow('the worker stopped here');
  expect((await sessionOf(scan.id)).original_key).not.toBeNull();
  await expect(clean(scan)).rejects.toThrow(/truncated|cut off/);
  await expect(clean(scan)).rejects.toThrow(/could not be cleaned/);
  const keys: string[] = [];
  for await (const { key } of store.list(`originals/coach-7/${scan.id}/`)) keys.push(key);
  expect(keys).toEqual([]);
  expect(await sessionOf(scan.id)).toMatchObject({ original_key: null, sha256: null });
});
