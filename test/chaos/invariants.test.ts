import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { ChaosInput } from '../../chaos/input.ts';
import { chaosInputs } from '../../chaos/inputs/index.ts';
import { checkInvariants } from '../../chaos/invariants.ts';
import { type Request, Users } from '../../chaos/users.ts';
import { kinds } from '../../src/domain/kinds/index.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { type RunningService, startService, withS3 } from '../support/running-service.ts';

/** A run in which nothing is killed; then each promise is broken on purpose, and has to be found. */

let service: RunningService;
let users: Users;
let database: pg.Client;

beforeAll(async () => {
  service = await startService();
  database = new pg.Client({ connectionString: service.environment.DATABASE_URL });
  await database.connect();
  users = new Users(() => service.url(''), AbortSignal.timeout(100_000));
  const inputs = await chaosInputs.measurement?.();
  for (const input of [...(inputs ?? []), ...(inputs ?? [])])
    users.submit({ ...input, kind: 'measurement' }, { at: 0, input: 0 });
  users.submit(
    { ...(inputs?.[0] as ChaosInput), kind: 'measurement' },
    { at: 0, input: 0, cancelAfterMs: 0 },
  );
  await users.done();
});
afterAll(async () => {
  await database?.end();
  await service?.stop();
});

const broken = async (requests: readonly Request[] = users.requests) => {
  const invariants = await checkInvariants(service.environment, service.url(''), requests);
  return Object.fromEntries(
    invariants.filter(({ broken }) => broken.length > 0).map(({ name, broken }) => [name, broken]),
  );
};
const idOf = (n: number) => users.requests[n]?.jobId as string;

test('every kind has something to send', () => {
  expect(Object.keys(chaosInputs).sort()).toEqual(kinds.all.map(({ kind }) => kind).sort());
});

test('nothing is broken where nothing was', async () => {
  expect(users.requests.every(({ jobId }) => jobId)).toBe(true);
  expect(await broken()).toEqual({});
});

test('each broken promise is found, in the job that has it', async () => {
  const [first, , , , second] = users.requests as [Request, Request, Request, Request, Request];
  const never: Request = { kind: 'measurement', input: first.input, idempotencyKey: 'never' };
  const refused: Request = { ...never, refused: '415 of no known type' };
  const vanished: Request = { ...never, jobId: '00000000-0000-4000-8000-000000000000' };
  expect(await broken([never, refused, vanished])).toEqual({
    lost: [
      expect.stringContaining('never accepted'),
      expect.stringContaining('415'),
      expect.stringContaining('no row has it'),
    ],
  });

  const otherwise: Request = { ...first, input: { ...first.input, ends: 'failed' } };
  expect(await broken([otherwise])).toEqual({
    'ended otherwise than its input does': [expect.stringContaining(idOf(0))],
  });

  // As if a repeated request had become a job of its own.
  await database.query('ALTER TABLE analysis_jobs DROP CONSTRAINT one_job_per_idempotency_key');
  await database.query('UPDATE analysis_jobs SET idempotency_key = $1 WHERE job_id = $2', [
    first.idempotencyKey,
    idOf(6),
  ]);
  expect(await broken()).toMatchObject({
    doubled: [expect.stringContaining(idOf(6))],
    lost: [expect.stringContaining(idOf(6))],
  });
  await database.query('UPDATE analysis_jobs SET idempotency_key = $1 WHERE job_id = $2', [
    users.requests[6]?.idempotencyKey,
    idOf(6),
  ]);

  await database.query(
    `INSERT INTO job_transitions (job_id, from_status, to_status, stage, why, at)
     VALUES ($1, 'processing', 'completed', 'DONE', 'a second end', now())`,
    [idOf(0)],
  );
  await database.query(
    "UPDATE sessions SET status = 'running' WHERE id = (SELECT session_id FROM analysis_jobs WHERE job_id = $1)",
    [second.jobId],
  );
  await withS3(service.environment, async () => {
    const store = openStore({
      bucket: service.environment.DOUBLETAKE_BUCKET as string,
      forcePathStyle: true,
    });
    await store.deleteKeys([`jobs/${idOf(3)}/measuring/annotated.jpg`]);
  });
  expect(await broken()).toEqual({
    doubled: [expect.stringContaining(idOf(0))],
    stuck: [expect.stringContaining(idOf(4))],
    'done without its artifacts': [expect.stringMatching(`${idOf(3)} .*annotated.jpg`)],
    'another answer to the same input': [expect.stringMatching(`${idOf(3)} .*annotated.jpg`)],
  });
});
