import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config.ts';
import { undispatchedDeletions } from '../../../src/database/deletions/undispatched-deletions.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { findSession } from '../../../src/database/sessions/find-session.ts';
import type { Job } from '../../../src/domain/job.ts';
import { kinds } from '../../../src/domain/kinds/index.ts';
import { request, runningJob } from '../../database/jobs.ts';
import { openRooms, type Rooms } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('retention');
});
afterAll(() => rooms?.close());

async function endedDaysAgo(days: number): Promise<Job> {
  const { database } = rooms;
  const job = await runningJob(database);
  await transitionJob(database, { job_id: job.job_id, attempt: 1, to: 'done', stage: 'DONE', why: 'a test' });
  await database
    .em()
    .execute('UPDATE analysis_jobs SET completed_at = now() - make_interval(days => ?) WHERE job_id = ?', [
      days,
      job.job_id,
    ]);
  return job;
}

const retention = (days: Record<string, number>) =>
  rooms.run(rooms.activities.requestExpiredDeletions, { days });

test('jobs past their kind’s retention are asked to be deleted, younger and running ones stay', async () => {
  const { database } = rooms;
  const [old, young] = [await endedDaysAgo(31), await endedDaysAgo(29)];
  const running = await runningJob(database);
  expect(await retention({})).toEqual({ jobs: 0, sessions: 0 });
  expect(await retention({ technique: 30 })).toEqual({ jobs: 1, sessions: 0 });
  expect(await retention({ technique: 30 })).toEqual({ jobs: 0, sessions: 0 });
  const there = async ({ job_id }: Job) => (await findJob(database, job_id)) !== null;
  expect(await Promise.all([old, young, running].map(there))).toEqual([false, true, true]);
  expect(await undispatchedDeletions(database, 10)).toHaveLength(1);
});

test('a session whose jobs are gone goes when it is older than the longest retention', async () => {
  const { database } = rooms;
  const { session, job } = await acceptJob(database, request());
  await database.em().execute('DELETE FROM analysis_jobs WHERE job_id = ?', [job.job_id]);
  expect(await retention({ technique: 30 })).toMatchObject({ sessions: 0 });
  await database
    .em()
    .execute(`UPDATE sessions SET created_at = now() - interval '31 days' WHERE id = ?`, [session.id]);
  expect(await retention({ technique: 30 })).toMatchObject({ sessions: 1 });
  expect(await findSession(database, session.id)).toBeNull();
});

test('hundreds at once are all taken, in one turn', async () => {
  const { database } = rooms;
  const { job } = await acceptJob(database, request());
  const ids = Array.from({ length: 230 }, () => randomUUID());
  await database.em().execute(
    `INSERT INTO analysis_jobs (job_id, session_id, user_id, kind, original_key, status, phase, stage, workflow_id, completed_at)
     SELECT id::uuid, session_id, user_id, kind, original_key, 'failed', 'failed', 'FAILED', 'technique-' || id, now() - interval '40 days'
     FROM analysis_jobs, jsonb_array_elements_text(?::jsonb) AS id WHERE job_id = ?`,
    [JSON.stringify(ids), job.job_id],
  );
  expect(await retention({ technique: 30 })).toMatchObject({ jobs: 230 });
});

test('a kind that fails does not keep the next from its turn, and is told', async () => {
  await endedDaysAgo(31);
  rooms.lines.length = 0;
  // More than any configuration lets pass, as a schedule of an earlier version may have it.
  const days = { measurement: 9_999_999, technique: 30 };
  await expect(retention(days)).rejects.toThrow(/out of range/);
  expect(await retention({ technique: 30 })).toEqual({ jobs: 0, sessions: 0 });
  const failed = rooms.lines.filter(({ message }) => message.startsWith('A part of the maintenance failed'));
  expect(failed.map(({ fields }) => fields)).toMatchObject([
    { kind: 'measurement', failed: 1 },
    { sessions: 'without a job', failed: 2 },
  ]);
});

test('the longest times that the configuration takes are dates of PostgreSQL', async () => {
  const most = { DOUBLETAKE_RETENTION_DAYS: 'technique=36500', DOUBLETAKE_ORPHAN_GRACE_HOURS: '87600' };
  const config = loadConfig({ DATABASE_URL: 'postgres://db/d', ...most }, kinds);
  expect(await retention(config.retentionDays)).toEqual({ jobs: 0, sessions: 0 });
  const swept = await rooms.run(rooms.activities.sweepOrphans, { grace_hours: config.orphanGraceHours });
  expect(swept).toEqual({ objects: 0, uploads: 0, parts: 0 });
});
