import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client as Postgres } from 'pg';
import type { ArtifactStore } from '../../src/storage/artifact-store.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { markerCorners, phone, withoutMarker } from '../support/measurement/phone-photo.ts';
import {
  type JobAnswer,
  type ServiceOnOwnServers,
  startServiceOnOwnServers,
  withS3,
} from '../support/running-service.ts';
import { openS3WithRefusals, type S3WithRefusals } from '../workflows/support/s3-with-refusals.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-measurement-faults-'));
const marked = join(folder, phone.name);
const painted = join(folder, 'marker-painted-over.jpg');
let service: ServiceOnOwnServers;
let store: ArtifactStore;
let s3: S3WithRefusals;
let atWork = false;

beforeAll(async () => {
  writeFileSync(marked, phone.bytes);
  writeFileSync(painted, (await withoutMarker(markerCorners)).bytes);
  service = await startServiceOnOwnServers({ idle: true });
  const bucket = service.environment.DOUBLETAKE_BUCKET as string;
  await withS3(service.environment, async () => {
    store = openStore({ bucket, forcePathStyle: true });
    // The address is read at the first request.
    await store.ping();
    s3 = await openS3WithRefusals();
  });
});
afterAll(async () => {
  await s3?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const measure = (path: string) => service.upload(path, { kind: 'measurement' });
/** The worker that most tests share; the first does without. */
async function working(): Promise<void> {
  if (!atWork) await service.worker.start();
  atWork = true;
}

const waits = ({ phase, stage }: JobAnswer) => phase === 'waiting' && stage === 'ASSIST';

async function query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
  const client = new Postgres({ connectionString: service.environment.DATABASE_URL });
  await client.connect();
  try {
    return (await client.query(sql, parameters)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Rows of a job that claim anything measured or stored. */
async function claims(id: string): Promise<number[]> {
  const tables = ['measurement_versions', 'measurements', 'artifacts', 'assist_requests'];
  return Promise.all(
    tables.map(async (table) => {
      const [row] = await query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE job_id = $1`, [id]);
      return Number(row?.n);
    }),
  );
}
const none = [0, 0, 0, 0];

async function stored(id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(`jobs/${id}/`)) keys.push(key);
  return keys;
}

async function expectWhole(id: string): Promise<void> {
  const rows = await query<{ key: string }>('SELECT key FROM artifacts WHERE job_id = $1', [id]);
  expect(rows.length).toBeGreaterThan(2);
  for (const { key } of rows) expect([key, await store.head(key)]).toEqual([key, expect.anything()]);
}

async function answer(id: string, given: object = { reference_corners: markerCorners }): Promise<Response> {
  return fetch(service.url(`/api/jobs/${id}/assist`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(given),
  });
}

test('S3 goes away while the images are written: the job waits for it, then completes whole', async () => {
  const worker = service.addWorker({ AWS_ENDPOINT_URL_S3: s3.endpoint });
  const noticed = s3.goAway('PUT', /\/measuring\/annotated\.jpg$/);
  await worker.start();
  const { id } = await measure(marked);
  await noticed;
  await sleep(1500);
  expect(await service.job(id)).toMatchObject({ status: 'processing', error_message: null });
  expect(await claims(id)).toEqual(none);
  s3.restore();
  expect(await service.ended(id)).toMatchObject({ status: 'completed' });
  await expectWhole(id);
  await worker.stop();
}, 120_000);

test('S3 refuses an image for good: failed with the reason, nothing claimed; retried, it completes', async () => {
  const { id } = await measure(marked);
  // An object below that key makes a folder of it on this server, which then refuses the object itself.
  const inTheWay = `jobs/${id}/measuring/rectified.jpg/in-the-way`;
  await store.put(inTheWay, 'x', { mediaType: 'text/plain' });
  await working();
  const failed = await service.ended(id);
  expect(failed).toMatchObject({ status: 'failed', stage: 'FAILED' });
  expect(failed.error_message).toMatch(/^S3 refused to write jobs\/.*\/measuring\/rectified\.jpg/);
  expect(await claims(id)).toEqual(none);
  await store.deleteKeys([inTheWay]);
  await service.read(`/api/jobs/${id}/retry`, { method: 'POST' });
  expect(await service.ended(id)).toMatchObject({ status: 'completed' });
  await expectWhole(id);
}, 120_000);

test('the transaction fails in the middle: rolled back whole; what no row claims goes with the job', async () => {
  await working();
  await query(`CREATE FUNCTION refuse_second() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room for object %', NEW.n USING ERRCODE = '23514'; END $$`);
  await query(
    'CREATE TRIGGER refuse_second BEFORE INSERT ON measurements FOR EACH ROW WHEN (NEW.n = 2) EXECUTE FUNCTION refuse_second()',
  );
  try {
    const { id } = await measure(painted);
    const failed = await service.ended(id);
    expect(failed).toMatchObject({
      status: 'failed',
      error_message: expect.stringMatching(
        /^PostgreSQL did not take .*: a rule of its tables forbids it; nothing of it was written\.$/,
      ),
    });
    expect(await claims(id)).toEqual(none);
    const names = ['annotated.jpg', 'outcome.json', 'preview.jpg'];
    expect((await stored(id)).sort()).toEqual(names.map((name) => `jobs/${id}/measuring/${name}`));
    await service.read(`/api/jobs/${id}`, { method: 'DELETE' });
    while ((await stored(id)).length > 0) await sleep(100);
  } finally {
    await query('DROP FUNCTION refuse_second CASCADE');
  }
}, 120_000);

test('the worker is killed between the upload of the images and the transaction: no claims; another completes', async () => {
  await working();
  const hold = new Postgres({ connectionString: service.environment.DATABASE_URL });
  hold.on('error', () => {});
  await hold.connect();
  try {
    const { id } = await measure(marked);
    await service.until(id, ({ stage }) => stage === 'MEASURING');
    await hold.query('BEGIN');
    await hold.query('SELECT 1 FROM analysis_jobs WHERE job_id = $1 FOR UPDATE', [id]);
    while ((await stored(id)).length < 3) await sleep(50);
    await service.worker.kill();
    expect(await claims(id)).toEqual(none);
    expect(await service.job(id)).toMatchObject({ status: 'processing' });
    await hold.query('ROLLBACK');
    await service.worker.start();
    expect(await service.ended(id)).toMatchObject({ status: 'completed' });
    await expectWhole(id);
  } finally {
    await hold.end();
  }
}, 180_000);

test('every server is restarted while a job waits for a person: it still waits, and takes the answer', async () => {
  await working();
  const { id } = await measure(painted);
  await service.until(id, waits);
  const { postgres, temporal, s3: objects } = service.servers;
  const all = [service.worker, service.api, temporal, objects, postgres];
  for (const server of all) await server.kill();
  for (const server of [...all].reverse()) await server.start();
  expect(await service.job(id)).toMatchObject({ status: 'needs_assist', stage: 'ASSIST' });
  const told = await answer(id);
  expect([told.status, await told.json()]).toEqual([200, expect.objectContaining({ accepted_by: 'local' })]);
  expect(await service.ended(id)).toMatchObject({ status: 'completed' });
  await expectWhole(id);
}, 180_000);

test('no worker is there when somebody answers: 503, and the same answer again counts once', async () => {
  await working();
  const { id } = await measure(painted);
  await service.until(id, waits);
  await service.worker.stop();
  const early = await answer(id);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
  await service.worker.start();
  expect((await answer(id)).status).toBe(200);
  expect(await service.ended(id)).toMatchObject({ status: 'completed' });
  expect((await answer(id)).status).toBe(200);
  expect(await query('SELECT version FROM measurement_versions WHERE job_id = $1', [id])).toHaveLength(2);
}, 180_000);

test('two answers at once: one counts, the other is told; one after a cancellation is refused', async () => {
  await working();
  const [first, second] = await Promise.all([measure(painted), measure(painted)]);
  await Promise.all([service.until(first.id, waits), service.until(second.id, waits)]);
  const notes = ['by the one', 'by the other'];
  const both = await Promise.all(
    notes.map((note) => answer(first.id, { reference_corners: markerCorners, note })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const won = notes[both.findIndex(({ status }) => status === 200)];
  expect(await service.ended(first.id)).toMatchObject({ status: 'completed' });
  const [kept] = await query<{ answer: { note: string } }>(
    'SELECT answer FROM assist_requests WHERE job_id = $1',
    [first.id],
  );
  expect(kept?.answer.note).toBe(won);

  await service.read(`/api/jobs/${second.id}/cancel`, { method: 'POST' });
  expect(await service.ended(second.id)).toMatchObject({ status: 'canceled' });
  const late = await answer(second.id);
  expect([late.status, await late.json()]).toEqual([
    409,
    expect.objectContaining({ detail: expect.stringContaining('it is canceled') }),
  ]);
}, 120_000);
