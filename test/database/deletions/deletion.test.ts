import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { deletionTargets } from '../../../src/database/deletions/deletion-targets.ts';
import { findDeletion } from '../../../src/database/deletions/find-deletion.ts';
import { finishDeletion } from '../../../src/database/deletions/finish-deletion.ts';
import { requestDeletion } from '../../../src/database/deletions/request-deletion.ts';
import { undispatchedDeletions } from '../../../src/database/deletions/undispatched-deletions.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { cancelRequests } from '../../../src/database/jobs/cancel-requests.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { whichJobsExist } from '../../../src/database/jobs/which-jobs-exist.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { whichOriginalsExist } from '../../../src/database/sessions/which-originals-exist.ts';
import { completeUpload } from '../../../src/database/uploads/complete-upload.ts';
import { createUpload } from '../../../src/database/uploads/create-upload.ts';
import { findUpload } from '../../../src/database/uploads/find-upload.ts';
import { forgetUpload } from '../../../src/database/uploads/forget-upload.ts';
import { Conflict, NotFound } from '../../../src/domain/errors.ts';
import { openTestDatabase, request, runningJob, step } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

test('a running job is not deleted unless its cancellation is asked for too', async () => {
  const { job_id: id } = await runningJob(database);
  const wish = { target: 'job' as const, id, by: 'coach-7' };
  await expect(requestDeletion(database, { ...wish, cancel: false })).rejects.toThrow(Conflict);
  const deletion = await requestDeletion(database, { ...wish, cancel: true });
  expect(await findJob(database, id)).toBeNull();
  expect(await whichJobsExist(database, [id])).toEqual(new Set([id]));
  expect((await cancelRequests(database, 100)).map(({ job_id }) => job_id)).toContain(id);
  expect((await requestDeletion(database, { ...wish, cancel: true })).id).toBe(deletion.id);
  expect((await undispatchedDeletions(database, 100)).map((row) => row.id)).toContain(deletion.id);
});

test('a session goes with its jobs and upload; the record of the deletion stays', async () => {
  const upload = {
    id: randomUUID(),
    user_id: 'coach-7',
    file_name: 'a.mp4',
    key: `originals/${randomUUID()}`,
  };
  await createUpload(database, { ...upload, bytes: 5 });
  await completeUpload(database, upload.id, { media_type: 'video/mp4', bytes: 5 });
  const { job, session } = await acceptJob(database, request({ upload_id: upload.id }));
  const wish = { target: 'session' as const, id: session.id, by: 'op', cancel: true };
  const { id } = await requestDeletion(database, wish);
  expect(await findSession(database, session.id)).toBeNull();
  const targets = await deletionTargets(database, id);
  const { job_id, workflow_id } = job;
  expect(targets).toEqual({ jobs: [{ job_id, workflow_id }], original_keys: [session.original_key] });
  expect(await whichOriginalsExist(database, [session.original_key as string])).toEqual(
    new Set([session.original_key]),
  );

  await finishDeletion(database, id);
  await finishDeletion(database, id);
  expect(await whichJobsExist(database, [job.job_id])).toEqual(new Set());
  expect(await findUpload(database, upload.id)).toBeNull();
  expect(await deletionTargets(database, id)).toEqual({ jobs: [], original_keys: [] });
  expect(await findDeletion(database, id)).toMatchObject({ state: 'done', completed_at: expect.any(Date) });
});

test('a session shows the phase of the newest job it still has', async () => {
  const { job: first, session } = await acceptJob(database, request());
  await transitionJob(database, { ...step(first), to: 'failed', stage: 'FAILED', why: 'x' });
  const second = await runningJob(database, { session: { existing_session_id: session.id } });
  const status = async () => (await findSession(database, session.id))?.status;
  expect(await status()).toBe('running');
  const wish = { target: 'job' as const, by: 'coach-7', cancel: true };
  await requestDeletion(database, { ...wish, id: second.job_id });
  expect(await status()).toBe('failed');
  // The one that is being deleted ends later, and that is no news of the session.
  await transitionJob(database, { ...step(second), to: 'canceled', stage: 'QUICK', why: 'Deleted' });
  expect(await status()).toBe('failed');
  await requestDeletion(database, { ...wish, id: first.job_id });
  expect(await status()).toBe('queued');
});

test('asked for again, also when all is gone, a deletion is the same one; a stranger finds nothing', async () => {
  const { job, session } = await acceptJob(database, request());
  const ofJob = { target: 'job' as const, id: job.job_id, by: 'coach-7', cancel: true };
  await expect(requestDeletion(database, { ...ofJob, userId: 'coach-8' })).rejects.toThrow(NotFound);
  const { id } = await requestDeletion(database, { ...ofJob, userId: 'coach-7' });
  await finishDeletion(database, id);
  expect(await requestDeletion(database, { ...ofJob, userId: 'coach-7' })).toEqual(
    await findDeletion(database, id),
  );
  await expect(requestDeletion(database, { ...ofJob, userId: 'coach-8' })).rejects.toThrow(NotFound);
  const existing = request({ session: { existing_session_id: session.id } });
  const { job: sibling } = await acceptJob(database, existing);
  await requestDeletion(database, { ...ofJob, target: 'session', id: session.id });
  const hidden = requestDeletion(database, { ...ofJob, id: sibling.job_id });
  await expect(hidden).rejects.toThrow(NotFound);
});

test('an upload that a job has claimed is not forgotten', async () => {
  const upload = {
    id: randomUUID(),
    user_id: 'coach-7',
    file_name: 'a.mp4',
    key: `originals/${randomUUID()}`,
  };
  await createUpload(database, { ...upload, bytes: 5 });
  const early = acceptJob(database, request({ upload_id: upload.id }));
  await expect(early).rejects.toThrow(Conflict);
  await completeUpload(database, upload.id, { media_type: 'video/mp4', bytes: 5 });
  await acceptJob(database, request({ upload_id: upload.id }));
  expect(await forgetUpload(database, upload.id)).toBe(false);
  await expect(acceptJob(database, request({ upload_id: upload.id }))).rejects.toThrow(Conflict);
});

test('what is not there cannot be deleted', async () => {
  const wish = { target: 'job' as const, id: randomUUID(), by: 'op', cancel: true };
  await expect(requestDeletion(database, wish)).rejects.toThrow(NotFound);
});
