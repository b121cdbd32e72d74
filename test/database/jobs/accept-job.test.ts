import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { listJobs } from '../../../src/database/jobs/list-jobs.ts';
import { listTransitions } from '../../../src/database/jobs/list-transitions.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import { Conflict } from '../../../src/domain/errors.ts';
import { openTestDatabase, request } from '../jobs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

test('an accepted job waits in the outbox, with its session and the first line of its trail', async () => {
  const { job, session, created } = await acceptJob(database, request());
  expect(created).toBe(true);
  expect(job).toMatchObject({
    status: 'queued',
    phase: 'queued',
    stage: 'QUEUED',
    attempt: 1,
    dispatched_at: null,
  });
  expect(job.workflow_id).toBe(`technique-${job.job_id}`);
  expect(session).toMatchObject({ status: 'queued', bytes: 508_341 });
  const trail = await listTransitions(database, job.job_id);
  expect(trail).toMatchObject([{ from: null, to: 'queued', stage: 'QUEUED' }]);
  expect(trail[0]?.at).toBeInstanceOf(Date);
});

test('one idempotency key makes one job, also when four requests race', async () => {
  const idempotency = { key: 'key-1', fingerprint: 'a' };
  const answers = await Promise.all([1, 2, 3, 4].map(() => acceptJob(database, request({ idempotency }))));
  expect(new Set(answers.map(({ job }) => job.job_id)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
  const loser = request({ idempotency });
  const again = await acceptJob(database, loser);
  expect(again.created).toBe(false);
  const { items } = await listJobs(database, { limit: 100 });
  expect(items.filter(({ job_id }) => job_id === again.job.job_id)).toHaveLength(1);
  expect(await findSession(database, 'id' in loser.session ? loser.session.id : '')).toBeNull();
});

test('an idempotency key used for something else is refused', async () => {
  await acceptJob(database, request({ idempotency: { key: 'key-2', fingerprint: 'a' } }));
  await expect(
    acceptJob(database, request({ idempotency: { key: 'key-2', fingerprint: 'b' } })),
  ).rejects.toThrow(Conflict);
});

test('a job that cannot be written leaves no session behind', async () => {
  const broken = request();
  broken.job.user_id = 'x'.repeat(300);
  await expect(acceptJob(database, broken)).rejects.toMatchObject({ type: 'DatabaseWriteError' });
  expect(await findSession(database, 'id' in broken.session ? broken.session.id : '')).toBeNull();
});

test('a list pages through every job once, newest first', async () => {
  for (let n = 0; n < 5; n++) await acceptJob(database, request());
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listJobs(database, { limit: 2, cursor });
    seen.push(...page.items.map(({ job_id }) => job_id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  const all = await listJobs(database, { limit: 100 });
  expect(seen).toEqual(all.items.map(({ job_id }) => job_id));
  await expect(listJobs(database, { limit: 2, cursor: 'nonsense' })).rejects.toMatchObject({
    field: 'cursor',
  });
});
