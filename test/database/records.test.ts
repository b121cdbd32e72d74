import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { expiredJobs } from '../../src/database/jobs/expired-jobs.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { listArtifacts } from '../../src/database/jobs/list-artifacts.ts';
import { listTransitions } from '../../src/database/jobs/list-transitions.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { findApiKey } from '../../src/database/keys/find-api-key.ts';
import { listApiKeys } from '../../src/database/keys/list-api-keys.ts';
import { revokeApiKey } from '../../src/database/keys/revoke-api-key.ts';
import { expiredSessions } from '../../src/database/sessions/expired-sessions.ts';
import { findSession } from '../../src/database/sessions/find-session.ts';
import { recordSourceHash } from '../../src/database/sessions/record-source-hash.ts';
import { abandonedUploads } from '../../src/database/uploads/abandoned-uploads.ts';
import { createUpload } from '../../src/database/uploads/create-upload.ts';
import { findUpload } from '../../src/database/uploads/find-upload.ts';
import { Conflict } from '../../src/domain/errors.ts';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { techniqueFields } from '../../src/kinds/technique/tables/technique-fields.ts';
import { openTestDatabase, request, runningJob, step } from './jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test('a row of long ago, with nothing in its newer columns, still reads', async () => {
  const [session, job] = [randomUUID(), randomUUID()];
  const em = database.em();
  await em.execute(
    `INSERT INTO sessions (id, user_id, original_key, file_name, media_type, bytes)
     VALUES (?, 'coach-1', ?, 'old.mp4', 'video/mp4', 1)`,
    [session, `originals/${session}`],
  );
  await em.execute(
    `INSERT INTO analysis_jobs (job_id, session_id, user_id, kind, original_key, status, phase, stage, workflow_id)
     VALUES (?, ?, 'coach-1', 'technique', 'k', 'done', 'succeeded', 'DONE', 'w')`,
    [job, session],
  );
  await em.execute(`INSERT INTO technique_passes (job_id, pass) VALUES (?, 'quick')`, [job]);
  expect(await findJob(database, job)).toMatchObject({
    phase: 'succeeded',
    options: {},
    result: null,
    error_message: null,
    dispatched_at: null,
    cancel_requested_at: null,
    started_at: null,
    completed_at: null,
    attempt: 1,
  });
  expect((await findSession(database, session))?.sha256).toBeNull();
  const nothing = { results: null, results_s3_key: null, findings: null, report: null };
  expect(await readTechniquePasses(database, job)).toMatchObject({ quick: nothing });
  expect(await techniqueFields(database, job)).toEqual(new Set());
  expect(await listArtifacts(database, job)).toEqual([]);
  expect(await listTransitions(database, job)).toEqual([]);
});

test('what one user has another does not find', async () => {
  const { job, session } = await acceptJob(database, request());
  expect(await findJob(database, job.job_id, { userId: 'coach-7' })).not.toBeNull();
  expect(await findJob(database, job.job_id, { userId: 'coach-8' })).toBeNull();
  expect(await findSession(database, session.id, { userId: 'coach-8' })).toBeNull();
  expect(await findSession(database, session.id)).toMatchObject({ file_name: 'squats.mp4' });
});

test('the first hash of an original stays; another one says the file was changed', async () => {
  const { session } = await acceptJob(database, request());
  await recordSourceHash(database, session.id, 'a'.repeat(64));
  await recordSourceHash(database, session.id, 'a'.repeat(64));
  await expect(recordSourceHash(database, session.id, 'b'.repeat(64))).rejects.toThrow(Conflict);
  expect((await findSession(database, session.id))?.sha256).toBe('a'.repeat(64));
});

test('a key opens until it is revoked or has expired', async () => {
  const [open, old] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', '').repeat(2));
  const made = { user_id: 'coach-7', role: 'user' as const, label: 'laptop' };
  const { id } = await createApiKey(database, { ...made, key_sha256: open as string });
  await createApiKey(database, { ...made, key_sha256: old as string, expires_at: daysAgo(1) });
  expect(await findApiKey(database, open as string)).toEqual({
    ...{ user_id: 'coach-7', role: 'user' },
    ...{ expires_at: null, limited_to: null },
  });
  expect(await findApiKey(database, old as string)).toBeNull();
  expect(await findApiKey(database, 'f'.repeat(64))).toBeNull();
  expect(await revokeApiKey(database, id)).toBe(true);
  expect(await findApiKey(database, open as string)).toBeNull();
  expect(JSON.stringify(await listApiKeys(database))).not.toContain(open);
});

test('retention finds ended jobs and empty sessions that are old enough, and nothing at work', async () => {
  const [old, young, atWork] = [
    await runningJob(database),
    await runningJob(database),
    await runningJob(database),
  ];
  for (const job of [old, young]) {
    await transitionJob(database, { ...step(job), to: 'done', stage: 'DONE', why: 'All there' });
  }
  const em = database.em();
  await em.execute(
    'UPDATE analysis_jobs SET created_at = ?, completed_at = CASE WHEN completed_at IS NULL THEN NULL ELSE ?::timestamptz END WHERE job_id IN (?, ?)',
    [daysAgo(40), daysAgo(40), old.job_id, atWork.job_id],
  );
  const found = await expiredJobs(database, { kind: 'technique', olderThanDays: 30, limit: 100 });
  expect(found.map(({ job_id }) => job_id)).toEqual([old.job_id]);
  await em.execute('UPDATE sessions SET created_at = ? WHERE id = ?', [daysAgo(40), old.session_id]);
  const empty = () => expiredSessions(database, { olderThanDays: 30, limit: 100 });
  expect(await empty()).toEqual([]);
  await em.execute('DELETE FROM analysis_jobs WHERE job_id = ?', [old.job_id]);
  expect(await empty()).toEqual([{ id: old.session_id }]);
});

test('an upload nobody claimed is abandoned after its time', async () => {
  const upload = {
    id: randomUUID(),
    user_id: 'coach-7',
    file_name: 'a.mp4',
    key: `originals/${randomUUID()}`,
  };
  await createUpload(database, { ...upload, bytes: 5 });
  expect(await findUpload(database, upload.id, { userId: 'coach-8' })).toBeNull();
  expect(await abandonedUploads(database, 24)).toEqual([]);
  await database.em().execute('UPDATE uploads SET created_at = ? WHERE id = ?', [daysAgo(2), upload.id]);
  expect(await abandonedUploads(database, 24)).toEqual([{ id: upload.id, key: upload.key }]);
});
