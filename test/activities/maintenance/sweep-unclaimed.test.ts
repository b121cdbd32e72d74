import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeSweepOrphans } from '../../../src/activities/maintenance/sweep-orphans.ts';
import { requestDeletion } from '../../../src/database/deletions/request-deletion.ts';
import { claimArtifacts } from '../../../src/database/jobs/claim-artifacts.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { inTransaction } from '../../../src/database/transaction.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import type { Job } from '../../../src/domain/job.ts';
import { request, runningJob, step } from '../../database/jobs.ts';
import { openRooms, type Rooms, recordsOf } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('sweep-unclaimed');
});
afterAll(() => rooms?.close());

/** Everything counts as old: S3's clock can't be turned back. */
const noGrace = { grace_hours: -1, upload_grace_hours: -1 };
const sweep = () => rooms.run(rooms.activities.sweepOrphans, noGrace);

/** A job with one object that is claimed and, written beside it, these that are not. */
async function jobWith(kind: string, unclaimed: readonly string[]) {
  const { job: wanted } = request();
  const job = await runningJob(rooms.database, { job: { ...wanted, kind, options: {} } });
  const write = async (path: string) => {
    const [pass = '', name = ''] = path.split('/');
    return { pass, name, key: await rooms.object(artifactKey(job.job_id, pass, name)) };
  };
  const artifact = await write('made/claimed.json');
  await inTransaction(rooms.database, 'a claim', (tx) =>
    claimArtifacts(tx, job.job_id, [
      { ...artifact, media_type: 'text/plain', bytes: 1, sha256: 'a'.repeat(64) },
    ]),
  );
  for (const path of unclaimed) await write(path);
  return job;
}

const end = (job: Job, to: string) =>
  transitionJob(rooms.database, {
    ...step(job),
    to,
    stage: to === 'failed' ? 'FAILED' : 'DONE',
    why: 'a test',
  });

/** What is left of a job, by `<pass>/<name>`. */
async function leftOf({ job_id }: Job): Promise<string[]> {
  const prefix = `jobs/${job_id}/`;
  return (await rooms.keys(prefix)).map((key) => key.slice(prefix.length));
}

const images = ['measuring/annotated.jpg', 'measuring/outcome.json'];
const checkpoints = [
  'deep/index.json',
  'deep/link-0000.json',
  'deep/link-0001.r1.json',
  'deep/segment-0000.json',
  'deep/segment-0001.r1.json',
  'quick/person.json',
];

test('images a failed measurement uploaded, and never got to claim, go; what a row claims stays', async () => {
  const failed = await jobWith('measurement', images);
  await end(failed, 'failed');
  expect(await sweep()).toMatchObject({ objects: 2 });
  expect(await leftOf(failed)).toEqual(['made/claimed.json']);
});

test('a job of a kind that is no longer known keeps its objects, and no other job from being swept', async () => {
  const { database } = rooms;
  const jobs = [await jobWith('measurement', images), await jobWith('measurement', images)];
  for (const job of jobs) await end(job, 'failed');
  const [unknown, known] = jobs.sort((a, b) => (a.job_id < b.job_id ? -1 : 1)) as [Job, Job];
  const called = (kind: string) =>
    database.em().execute('UPDATE analysis_jobs SET kind = ? WHERE job_id = ?', [kind, unknown.job_id]);
  await called('sketch');
  await expect(sweep()).rejects.toThrow('No kind is named "sketch"');
  expect(await leftOf(known)).toEqual(['made/claimed.json']);
  expect(await leftOf(unknown)).toHaveLength(3);
  await called('measurement');
  expect(await sweep()).toMatchObject({ objects: 2 });
});

test('what a job at work or waiting for a person wrote stays, claimed or not', async () => {
  const [atWork, waiting] = [await jobWith('measurement', images), await jobWith('measurement', images)];
  await transitionJob(rooms.database, {
    ...step(waiting),
    to: 'needs_assist',
    stage: 'ASSIST',
    why: 'a test',
  });
  expect(await sweep()).toMatchObject({ objects: 0 });
  expect(await leftOf(atWork)).toHaveLength(3);
  expect(await leftOf(waiting)).toHaveLength(3);
});

test('checkpoints that a retry goes on from outlive a failure and a cancellation, but not success', async () => {
  const jobs = [];
  for (const to of ['failed', 'canceled', 'done']) {
    const job = await jobWith('technique', [...checkpoints, 'deep/keypoints.json']);
    await end(job, to);
    jobs.push(job);
  }
  await sweep();
  const resumable = [...checkpoints, 'made/claimed.json'].sort();
  expect(await Promise.all(jobs.map(leftOf))).toEqual([resumable, resumable, ['made/claimed.json']]);
});

test('a retried job keeps all its objects, and loses what is unclaimed when it has ended again', async () => {
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  const again = await retryJob(rooms.database, job.job_id, { by: 'coach-7' });
  await sweep();
  expect(await leftOf(job)).toHaveLength(3);
  await end(again, 'failed');
  await sweep();
  expect(await leftOf(job)).toEqual(['made/claimed.json']);
});

test('what an ended job wrote stays for the grace, and for as long after its end', async () => {
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  await rooms.run(rooms.activities.sweepOrphans, { grace_hours: 1 });
  expect(await leftOf(job)).toHaveLength(3);
  // Its objects are old, its end is not: somebody may be at it still.
  const soon = `UPDATE analysis_jobs SET completed_at = now() + interval '2 hours' WHERE job_id = ?`;
  await rooms.database.em().execute(soon, [job.job_id]);
  await sweep();
  expect(await leftOf(job)).toHaveLength(3);
});

test('a job that is being deleted is left to its deletion', async () => {
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  await requestDeletion(rooms.database, { target: 'job', id: job.job_id, by: 'coach-7', cancel: false });
  await sweep();
  expect(await leftOf(job)).toHaveLength(3);
});

test('a retry between the look and the removal saves what the new attempt writes under the same keys', async () => {
  const { database, store, client, taskQueue } = rooms;
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  const log = { info() {}, warn() {}, error() {} };
  const needs = maintenanceNeeds({ database, store, client, taskQueue, recordsOf, log });
  const retrying = makeSweepOrphans({
    ...needs,
    async whichKeysAreClaimed(keys) {
      const claimed = await needs.whichKeysAreClaimed(keys);
      await retryJob(database, job.job_id, { by: 'coach-7' });
      return claimed;
    },
  });
  await rooms.run(retrying, noGrace);
  expect(await leftOf(job)).toHaveLength(3);
});

test('a retry that comes while objects are being removed waits until they are', async () => {
  const { database, store, client, taskQueue } = rooms;
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  const log = { info() {}, warn() {}, error() {} };
  const order: string[] = [];
  let retried: Promise<unknown> = Promise.resolve();
  const deleting = makeSweepOrphans({
    ...maintenanceNeeds({ database, store, client, taskQueue, recordsOf, log }),
    store: Object.create(store, {
      deleteKeys: {
        async value(keys: string[]) {
          if (keys.some((key) => key.includes(job.job_id))) {
            retried = retryJob(database, job.job_id, { by: 'coach-7' }).then(() => order.push('retried'));
            await untilBlocked();
          }
          await store.deleteKeys(keys);
          order.push('removed');
        },
      },
    }),
  });
  await rooms.run(deleting, noGrace);
  await retried;
  expect(order.slice(-2)).toEqual(['removed', 'retried']);
});

test('S3 that does not delete in time loses its turn; nothing of the job is locked any more', async () => {
  const { database, store, client, taskQueue } = rooms;
  const job = await jobWith('measurement', images);
  await end(job, 'failed');
  const log = { info() {}, warn() {}, error() {} };
  const stalled = makeSweepOrphans({
    ...maintenanceNeeds({ database, store, client, taskQueue, recordsOf, log }),
    removeWithinMs: 200,
    store: Object.create(store, {
      deleteKeys: {
        async value(keys: string[], { signal }: { signal?: AbortSignal } = {}) {
          if (!keys.some((key) => key.includes(job.job_id))) return store.deleteKeys(keys);
          await new Promise((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(signal.reason)),
          );
        },
      },
    }),
  });
  await expect(rooms.run(stalled, noGrace)).rejects.toThrow('S3 takes more than 0.2 s to delete.');
  expect(await retryJob(database, job.job_id, { by: 'coach-7' })).toMatchObject({ attempt: 2 });
  expect(await leftOf(job)).toHaveLength(3);
});

/** Until some connection to the test's database waits for a lock. */
async function untilBlocked(): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await rooms.database.em().execute<unknown[]>(waiting)).length === 0) await sleep(20);
}
