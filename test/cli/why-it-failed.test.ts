import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { samplePath } from '../support/media/shipped.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { doubletake } from './run-cli.ts';

let service: RunningService;
let database: Database;

// No worker: how the jobs end is the test's to say.
beforeAll(async () => {
  service = await startService({ idle: true });
  database = await openDatabase(service.environment.DATABASE_URL as string, { kinds: databaseKinds });
});
afterAll(async () => {
  await database?.close();
  await service?.stop();
});

const ask = (...args: string[]) => doubletake(args, { env: { DOUBLETAKE_API: service.url('') } });

const otherFile = /Another export of the file may do/;
const again = /Try again with "doubletake retry/;

test.each([
  ['it is the file, whatever the words', 'UnreadableMedia', 'Not one frame could be read.', otherFile],
  ['a decoder died on the file', 'DecoderCrashed', 'The process that looked at it was lost.', otherFile],
  ['what was asked for cannot be', 'InvalidRequest', 'Job 7 has no keypoints.', /Trying it again would/],
  ['S3 refused, in words that name the file', 'StorageRefused', 'S3 refused squats.mp4.', again],
  ['the job failed before there were types', null, 'squats.mp4 is cut off.', again],
])('what to do next: %s', async (_, error_type, error_message, hint) => {
  const id = (await ask('analyze', samplePath('squats.mp4'), '--no-wait')).stdout.trim();
  const at = { job_id: id, attempt: 1, why: 'the test says so' };
  await transitionJob(database, { ...at, to: 'processing', stage: 'QUICK' });
  await transitionJob(database, { ...at, to: 'failed', stage: 'FAILED', error_message, error_type });
  const { code, stderr, stdout } = await ask('job', id, '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(hint) });
  expect(JSON.parse(stdout).job).toMatchObject({ error_type, error_message });
});
