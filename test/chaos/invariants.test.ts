import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import type { ChaosInput } from '../../chaos/input.ts';
import { chaosInputs } from '../../chaos/inputs/index.ts';
import { stuck } from '../../chaos/invariants/workflows.ts';
import { checkInvariants } from '../../chaos/invariants.ts';
import { type Request, Users } from '../../chaos/users.ts';
import { kinds } from '../../src/domain/kinds/index.ts';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { type RunningService, startService } from '../support/running-service.ts';

/** A run in which nothing is killed; then each promise is broken on purpose, and has to be found. */

let service: RunningService;
let users: Users;
let database: pg.Client;
let connection: Connection;
let store: ArtifactStore;

beforeAll(async () => {
  service = await startService();
  database = new pg.Client({ connectionString: service.environment.DATABASE_URL });
  await database.connect();
  connection = await Connection.connect({ address: service.environment.TEMPORAL_ADDRESS });
  store = openStore({ bucket: service.environment.DOUBLETAKE_BUCKET as string, forcePathStyle: true });
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
  await connection?.close();
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
  expect(await broken([...users.requests, never, refused, vanished])).toEqual({
    lost: [
      expect.stringContaining('never accepted'),
      expect.stringContaining('415'),
      expect.stringContaining('no row has it'),
    ],
  });

  // A job that is there twice, or that nobody has heard of.
  expect(await broken(users.requests.slice(1))).toEqual({ doubled: [expect.stringContaining(idOf(0))] });
  const told: Request = { ...first, jobId: idOf(6) };
  expect(await broken([told, ...users.requests.slice(1)])).toEqual({
    lost: [expect.stringContaining(idOf(6))],
    doubled: [expect.stringContaining(idOf(0))],
  });

  const otherwise: Request = { ...first, input: { ...first.input, ends: 'failed' } };
  const more: Request = { ...first, input: { ...first.input, leaves: ['measuring/drawing.svg'] } };
  expect(await broken([otherwise, ...users.requests.slice(1)])).toEqual({
    'ended otherwise than its input does': [expect.stringContaining(idOf(0))],
  });
  expect(await broken([more, ...users.requests.slice(1)])).toEqual({
    'done without its artifacts': [expect.stringMatching(`${idOf(0)} .*drawing.svg, which no row claims`)],
  });

  await database.query(
    `INSERT INTO job_transitions (job_id, from_status, to_status, stage, why, at)
     VALUES ($1, 'processing', 'completed', 'DONE', 'a second end', now())`,
    [idOf(0)],
  );
  await database.query(
    "UPDATE sessions SET status = 'running' WHERE id = (SELECT session_id FROM analysis_jobs WHERE job_id = $1)",
    [second.jobId],
  );
  // One that was measured is said to be canceled.
  await database.query(
    "UPDATE analysis_jobs SET status = 'canceled', phase = 'canceled', progress_pct = 50 WHERE job_id = $1",
    [idOf(1)],
  );
  await store.deleteKeys([`jobs/${idOf(3)}/measuring/annotated.jpg`]);
  const nobodys = '00000000-0000-4000-8000-00000000000a';
  await store.put(`jobs/${nobodys}/measuring/annotated.jpg`, 'x', { mediaType: 'image/jpeg' });
  await store.put('elsewhere/left', 'x', { mediaType: 'text/plain' });
  const client = new Client({ connection });
  const stray = await client.workflow.start('measurement', {
    workflowId: `measurement-${nobodys}`,
    taskQueue: service.environment.DOUBLETAKE_TASK_QUEUE as string,
    args: [{ job_id: nobodys, attempt: 1, kind: 'measurement', options: {} }],
  });
  // Its row is not there, so that it ends; Temporal's list is a moment behind.
  await stray.result();
  const query = `WorkflowId = '${stray.workflowId}'`;
  while ((await client.workflow.count(query)).count === 0) await sleep(50);

  expect(await broken()).toEqual({
    doubled: expect.arrayContaining([
      expect.stringContaining(idOf(0)),
      expect.stringMatching(`${idOf(1)}: .* from "canceled"`),
    ]),
    // In the order in which the API took them, which the users do not decide.
    stuck: expect.arrayContaining([
      expect.stringMatching(`${idOf(1)} .*its session "succeeded"`),
      expect.stringMatching(`${idOf(1)} .*its workflow COMPLETED`),
      expect.stringContaining(idOf(4)),
    ]),
    'done without its artifacts': [expect.stringMatching(`${idOf(3)} .*annotated.jpg`)],
    'ended otherwise than its input does': [expect.stringContaining(idOf(1))],
    'another answer to the same input': expect.arrayContaining([
      expect.stringMatching(`${idOf(3)} .*annotated.jpg`),
    ]),
    'left behind': [
      expect.stringContaining(`measurement-${nobodys}`),
      expect.stringContaining(`jobs/${nobodys}/ was written for no job`),
      expect.stringContaining('elsewhere/left is claimed by no row'),
      expect.stringMatching(`${idOf(3)}/measuring/annotated.jpg is claimed by a row, and is not there`),
    ],
  });
});

test('a workflow that has still to close is waited for, and one that never does is stuck', async () => {
  const job = { kind: 'measurement', status: 'completed', phase: 'succeeded', session_status: 'succeeded' };
  const { workflow } = new Client({ connection });
  const start = async (workflowId: string) => {
    await workflow.start('measurement', { workflowId, taskQueue: `${workflowId}-nobody` });
    return { ...job, workflow_id: workflowId, job_id: workflowId } as never;
  };
  const [never, soon] = [
    await start(`measurement-${randomUUID()}`),
    await start(`measurement-${randomUUID()}`),
  ];
  const client = new Client({ connection });
  expect(await stuck([never], client, Date.now())).toEqual([expect.stringContaining('its workflow RUNNING')]);
  const waiting = stuck([soon], client, Date.now() + 60_000);
  await workflow.getHandle((soon as { workflow_id: string }).workflow_id).terminate();
  expect(await waiting).toEqual([expect.stringContaining('its workflow TERMINATED')]);
  await workflow.getHandle((never as { workflow_id: string }).workflow_id).terminate();
});
