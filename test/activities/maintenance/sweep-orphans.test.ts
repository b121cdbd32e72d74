import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeSweepOrphans } from '../../../src/activities/maintenance/sweep-orphans.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { completeUpload } from '../../../src/database/uploads/complete-upload.ts';
import { createUpload } from '../../../src/database/uploads/create-upload.ts';
import { findUpload } from '../../../src/database/uploads/find-upload.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { request } from '../../database/jobs.ts';
import { openRooms, type Rooms, recordsOf } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('sweep');
});
afterAll(() => rooms?.close());

/** Everything counts as old: S3's clock can't be turned back. */
const noGrace = { grace_hours: -1, upload_grace_hours: -1 };

test('objects of jobs and originals that have a row stay, the others go', async () => {
  const { database, object } = rooms;
  const wanted = request();
  const { job, session } = await acceptJob(database, wanted);
  const kept = [
    await object(session.original_key as string),
    await object(artifactKey(job.job_id, 'quick', 'report.json')),
  ];
  await object(artifactKey(randomUUID(), 'quick', 'report.json'));
  await object('jobs/not-an-id/x');
  await object(`originals/coach-7/${randomUUID()}/gone.mp4`);
  await object(`${session.original_key}.info`);
  expect(await rooms.run(rooms.activities.sweepOrphans, noGrace)).toMatchObject({ objects: 4 });
  expect(await rooms.keys()).toEqual(kept.sort());
});

test('what is younger than the grace stays, for its row may be on the way', async () => {
  const young = await rooms.object(artifactKey(randomUUID(), 'deep', 'index.json'));
  await rooms.run(rooms.activities.sweepOrphans, { grace_hours: 1 });
  expect(await rooms.keys('jobs/')).toContain(young);
});

test('an upload nobody finished or used goes with what lies beside it; one that a job used stays', async () => {
  const { database, object } = rooms;
  const upload = async (claimedBy?: string) => {
    const id = randomUUID();
    const key = `originals/coach-7/${id}/clip.mp4`;
    await createUpload(database, { id, user_id: 'coach-7', file_name: 'clip.mp4', key, bytes: 1 });
    if (!claimedBy) return { id, key };
    await completeUpload(database, id, { media_type: 'video/mp4', bytes: 1 });
    const session = { ...(request().session as object), id: claimedBy, original_key: key };
    await acceptJob(database, request({ session: session as never, upload_id: id }));
    return { id, key };
  };
  const used = await upload(randomUUID());
  const abandoned = await upload();
  await object(used.key);
  for (const end of ['', '.info', '.part']) await object(`${abandoned.key}${end}`);

  // Within its grace an unfinished upload may go on, and what lies beside it is needed.
  await database
    .em()
    .execute(`UPDATE uploads SET created_at = now() + interval '3 hours' WHERE id = ?`, [abandoned.id]);
  await rooms.run(rooms.activities.sweepOrphans, noGrace);
  expect(await rooms.keys(abandoned.key)).toHaveLength(3);

  await database.em().execute('UPDATE uploads SET created_at = now() WHERE id = ?', [abandoned.id]);
  expect(await rooms.run(rooms.activities.sweepOrphans, noGrace)).toMatchObject({ uploads: 1 });
  expect(await rooms.keys('originals/coach-7/')).toContain(used.key);
  expect(await rooms.keys(abandoned.key)).toEqual([]);
  expect(await findUpload(database, abandoned.id)).toBeNull();
  expect(await findUpload(database, used.id)).not.toBeNull();
});

test('a grace shorter than an upload may live takes none that may still go on, nor its parts', async () => {
  const { database, object } = rooms;
  const id = randomUUID();
  const key = `originals/coach-7/${id}/clip.mp4`;
  await createUpload(database, { id, user_id: 'coach-7', file_name: 'clip.mp4', key, bytes: 1 });
  await object(`${key}.info`);
  const s3 = new S3Client({ forcePathStyle: true });
  const half = { Bucket: rooms.bucket, Key: key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(half));
  const parts = async () => (await s3.send(new ListMultipartUploadsCommand(half))).Uploads ?? [];
  const age = (hours: number) =>
    database
      .em()
      .execute('UPDATE uploads SET created_at = now() - make_interval(hours => ?) WHERE id = ?', [hours, id]);

  // A grace of less than nothing stands for one that is over.
  await age(23);
  await rooms.run(rooms.activities.sweepOrphans, { grace_hours: -1 });
  expect(await findUpload(database, id)).not.toBeNull();
  expect(await rooms.keys(key)).toEqual([`${key}.info`]);
  expect(await parts()).toMatchObject([{ UploadId }]);

  await age(25);
  expect(await rooms.run(rooms.activities.sweepOrphans, { grace_hours: -1 })).toMatchObject({ uploads: 1 });
  expect(await rooms.keys(key)).toEqual([]);
  await s3.send(new AbortMultipartUploadCommand({ ...half, UploadId }));
  s3.destroy();
});

test('what S3 refuses is named, left, and keeps nothing else from being swept', async () => {
  const bucket = `locked-${randomUUID()}`;
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  const store = openStore({ bucket, forcePathStyle: true });
  const { database, client, taskQueue } = rooms;
  const errors: { key?: string }[] = [];
  const log = { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) };
  const needs = maintenanceNeeds({ database, store, client, taskQueue, recordsOf, log });
  const put = async (key: string) => {
    await store.put(key, 'x', { mediaType: 'text/plain' });
    return key;
  };
  // An operator's legal hold is one way in which S3 says no to some objects and yes to others.
  const held = [
    await put(artifactKey('00000000-0000-4000-8000-000000000000', 'quick', 'report.json')),
    await put('originals/coach-7/00000000-0000-4000-8000-000000000000/held.mp4'),
  ];
  const hold = (Key: string, Status: 'ON' | 'OFF') =>
    s3.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key, LegalHold: { Status } }));
  await Promise.all(held.map((key) => hold(key, 'ON')));
  await put(artifactKey('ffffffff-0000-4000-8000-000000000000', 'quick', 'report.json'));
  await put('originals/coach-7/ffffffff-0000-4000-8000-000000000000/gone.mp4');
  const parts = { Bucket: bucket, Key: 'originals/coach-7/1/half.mp4' };
  await s3.send(new CreateMultipartUploadCommand(parts));

  const sweep = rooms.run(makeSweepOrphans(needs), noGrace);
  await expect(sweep).rejects.toThrow(/S3 refused 2 things/);
  expect(errors.map(({ key }) => key)).toEqual(held);
  const left: string[] = [];
  for await (const { key } of store.list('')) left.push(key);
  expect(left.sort()).toEqual(held.sort());
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  expect(Uploads).toEqual([]);

  await Promise.all(held.map((key) => hold(key, 'OFF')));
  expect(await rooms.run(makeSweepOrphans(needs), noGrace)).toMatchObject({ objects: 2 });
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  s3.destroy();
});

test('in a bucket that others use too, what is theirs stays, with its uploads in parts', async () => {
  const theirs = await rooms.object('backups/monday.tar');
  const s3 = new S3Client({ forcePathStyle: true });
  const unfinished = { Bucket: rooms.bucket, Key: 'backups/tuesday.tar' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(unfinished));
  await rooms.run(rooms.activities.sweepOrphans, noGrace);
  expect(await rooms.keys('backups/')).toEqual([theirs]);
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: rooms.bucket }));
  expect(Uploads).toMatchObject([{ UploadId }]);
  await s3.send(new AbortMultipartUploadCommand({ ...unfinished, UploadId }));
  s3.destroy();
});

test('objects that are young are no sign of a wrong database, however many', async () => {
  const ids = Array.from({ length: 101 }, () => randomUUID());
  await Promise.all(ids.map((id) => rooms.object(artifactKey(id, 'quick', 'report.json'))));
  expect(await rooms.run(rooms.activities.sweepOrphans, { grace_hours: 1 })).toMatchObject({ objects: 0 });
});

test('a bucket of which the database knows next to nothing is not swept: it is the wrong database', async () => {
  const ids = Array.from({ length: 101 }, () => randomUUID());
  await Promise.all(ids.map((id) => rooms.object(artifactKey(id, 'quick', 'report.json'))));
  await expect(rooms.run(rooms.activities.sweepOrphans, noGrace)).rejects.toThrow(/the database knows only/);
  expect((await rooms.keys('jobs/')).length).toBeGreaterThanOrEqual(101);
});
