import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { acceptJob, type NewSession } from '../../src/database/jobs/accept-job.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { listArtifacts } from '../../src/database/jobs/list-artifacts.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { findApiKey } from '../../src/database/keys/find-api-key.ts';
import { migrateDown, migrateUp } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import { findSession } from '../../src/database/sessions/find-session.ts';
import type { Job } from '../../src/domain/job.ts';
import { kinds } from '../../src/domain/kinds/index.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { persistTechniquePass } from '../../src/kinds/technique/tables/persist-technique-pass.ts';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { createTestDatabase } from '../support/servers.ts';
import { request, runningJob, step } from './jobs.ts';

const run = promisify(execFile);
const names = migrations.map(({ name }) => name);
const newest = names.at(-1) as string;

const opened: { database: Database; drop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { database, drop } of opened.splice(0)) {
    await database.close();
    await drop();
  }
});

async function empty(): Promise<Database> {
  const { url, drop } = await createTestDatabase();
  const database = await openDatabase(url, { kinds: databaseKinds });
  opened.push({ database, drop });
  return database;
}

/** Tables, columns, constraints, triggers and functions of ours, as text that can be compared. */
async function schemaOf(database: Database): Promise<string[]> {
  const rows = await database.em().execute<{ line: string }[]>(
    `SELECT table_name || '.' || column_name || ' ' || data_type AS line
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
     UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
     UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
     ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

/** What a table's, or a column's, name appears in. */
const without = (lines: string[], ...names: string[]) =>
  lines.filter((line) => !names.some((name) => line.includes(name)));

test('down removes what up added, on a filled database, and up brings it back', async () => {
  const database = await empty();
  expect(await migrateUp(database)).toEqual(names);
  expect(await migrateUp(database)).toEqual([]);
  const full = await schemaOf(database);
  const webhook = { url: 'https://example.org/told', secret: 'whsec_c2VjcmV0' };
  const { job: plain, ...accepted } = request();
  const job = await runningJob(database, { ...accepted, job: { ...plain, webhook } });
  const findings = { findings: [], overall_level: 'low' as const };
  const pass = { ...step(job), pass: 'quick' as const, results: { a: 1 }, results_s3_key: 'k', findings };
  const key = `jobs/${job.job_id}/quick/quick_results.json`;
  const stored = { key, media_type: 'application/json', bytes: 7, sha256: 'a'.repeat(64) };
  const artifact = { pass: 'quick', name: 'quick_results.json', ...stored };
  await persistTechniquePass(database, { ...pass, report: null, artifacts: [artifact] });
  await fillNewTables(database, job);

  // The newest one at a time: what each takes back is the schema as it was before it. This holds for every new one.
  const reference = await empty();
  const befores = new Map<string, string[]>();
  for (const [at, name] of names.entries()) {
    if (at >= 10) befores.set(name, await schemaOf(reference));
    await reference.orm.migrator.up({ to: name });
  }
  let now: string[] = [];
  for (const [name, before] of [...befores].reverse()) {
    expect(await migrateDown(database)).toEqual([name]);
    now = await schemaOf(database);
    expect([name, ...now.map((line) => line.replace(' NOT VALID', ''))]).toEqual([name, ...before]);
  }

  // The first ten are told by what they have brought: each takes back its own and nothing else.
  for (const words of [
    ['analysis_jobs_cancels', 'analysis_jobs_undispatched'],
    ['measurement_versions.preview'],
    ['artifact_keys'],
    ['error_type'],
    ['assist_'],
    ['measurement'],
    ['webhook_'],
    ['deletions_unfinished'],
    ['technique_passes'],
  ]) {
    expect(await migrateDown(database)).toHaveLength(1);
    now = without(now, ...words);
    expect(await schemaOf(database)).toEqual(now);
  }
  const [row] = await database.em().execute('SELECT status FROM analysis_jobs');
  expect(row).toEqual({ status: 'processing' });
  expect(await listArtifacts(database, job.job_id)).toEqual([artifact]);
  await migrateUp(database);
  expect(await schemaOf(database)).toEqual(full);
  expect(await readTechniquePasses(database, job.job_id)).toEqual({});
  expect(await findJob(database, job.job_id)).toMatchObject({ webhook: null, assist_due_at: null });

  await migrateDown(database, { to: 0 });
  expect(await schemaOf(database)).toEqual([]);
  await migrateUp(database);
  expect(await schemaOf(database)).toEqual(full);
});

async function fillNewTables(database: Database, { job_id }: Job): Promise<void> {
  const em = database.em();
  await em.execute(`INSERT INTO webhook_events (job_id, type, payload) VALUES (?, 'job.failed', '{}')`, [
    job_id,
  ]);
  await em.execute(
    `INSERT INTO webhook_deliveries (event_id, attempt, url, duration_ms)
     SELECT id, 1, 'https://example.org/told', 3 FROM webhook_events`,
  );
  await em.execute(
    `INSERT INTO measurement_versions (job_id, version, source, image, confidence, reasons, provenance)
     VALUES (?, 1, 'machine', '{}', 0.5, '[]', '{}')`,
    [job_id],
  );
  await em.execute(
    `INSERT INTO measurements (job_id, version, n, source, quantities, outline, corners, confidence, terms)
     VALUES (?, 1, 1, 'machine', '{}', '[]', '[]', 0.5, '[]')`,
    [job_id],
  );
  await em.execute(
    `INSERT INTO cameras (owner, camera_id, key, time_zone, zones, masks, version, created_at, updated_at)
     VALUES ('anna', 'yard', gen_random_uuid(), 'UTC', '[]', '[]', 1, now(), now())`,
  );
  await em.execute(
    `INSERT INTO camera_recordings (owner, camera_id, source_sha256, started_at, time_source)
     VALUES ('anna', 'yard', repeat('a', 64), now(), 'upload')`,
  );
  await em.execute(
    `INSERT INTO events (owner, event_id, camera_id, started_at, time_source, detected_objects, labels, zones, keep,
       false_positive, created_at, updated_at, words, insertion)
     VALUES ('anna', 'e', 'yard', now(), 'box', '[]', '{}', '{}', false, false, now(), now(), 'yard', gen_random_uuid())`,
  );
  await em.execute(`INSERT INTO assist_requests (job_id, attempt, ask, due_at) VALUES (?, 1, '{}', now())`, [
    job_id,
  ]);
}

test('a version knows its objects, also one from before versions did', async () => {
  const database = await empty();
  await migrateUp(database);
  const { job_id } = await runningJob(database);
  const em = database.em();
  const names = ['annotated.jpg', 'annotated-2.jpg', 'outcome.json', 'outcome-2.json'];
  for (const name of names) {
    await em.execute(
      `INSERT INTO artifacts (key, job_id, pass, name, media_type, bytes, sha256)
       VALUES (?, ?, 'measuring', ?, 'image/jpeg', 1, repeat('a', 64))`,
      [name, job_id, name],
    );
  }
  for (const version of [1, 2]) {
    await em.execute(
      `INSERT INTO measurement_versions (job_id, version, source, image, confidence, reasons, provenance)
       VALUES (?, ?, 'machine', '{}', 0.5, '[]', '{}')`,
      [job_id, version],
    );
  }
  await migrateDown(database, { to: '0007-error-type' });
  await migrateUp(database);
  expect(await em.execute('SELECT artifact_keys FROM measurement_versions ORDER BY version')).toEqual([
    { artifact_keys: ['annotated.jpg', 'outcome.json'] },
    { artifact_keys: ['annotated-2.jpg', 'outcome-2.json'] },
  ]);
});

test('two processes that migrate at once both succeed', async () => {
  const database = await empty();
  const applied = await Promise.all([migrateUp(database), migrateUp(database)]);
  expect(applied.flat()).toEqual(names);
});

test('the command says what it applied, what is pending and what it took back', async () => {
  const { url, drop } = await createTestDatabase();
  const migrate = async (command: string) => {
    const script = new URL('../../src/database/migrate.ts', import.meta.url).pathname;
    const env = { ...process.env, DATABASE_URL: url };
    return (await run(process.execPath, ['--no-warnings', script, command], { env })).stdout.trim();
  };
  const all = names.join(', ');
  try {
    expect(await migrate('status')).toBe(`pending: ${all}`);
    expect(await migrate('up')).toBe(`applied: ${all}`);
    expect(await migrate('up')).toBe('nothing applied');
    expect(await migrate('down')).toBe(`taken back: ${newest}`);
    await expect(migrate('sideways')).rejects.toThrow('expected up, down or status');
  } finally {
    await drop();
  }
});

test('a live source survives the way down and up, as a session without an original', async () => {
  const database = await empty();
  await migrateUp(database);
  const live = request();
  const nothing = { original_key: null, media_type: null, bytes: null };
  await acceptJob(database, { ...live, session: { ...(live.session as NewSession), ...nothing } });
  const uploaded = (await acceptJob(database, request())).session;
  await migrateDown(database, { to: '0011-plain-phase' });
  const em = database.em();
  expect(await em.execute('SELECT count(*)::int AS n FROM sessions WHERE original_key IS NULL')).toEqual([
    { n: 0 },
  ]);
  await migrateUp(database);
  const { job_id } = live.job;
  expect(await findJob(database, job_id)).toMatchObject({ original_key: null });
  const { id } = live.session as NewSession;
  expect(await findSession(database, id)).toMatchObject(nothing);
  expect(await findSession(database, uploaded.id)).toEqual(uploaded);
});

/** The version before wrote statuses alone: PostgreSQL computed the phase. */
const setStatus = (database: Database, jobId: string, status: string) =>
  database.em().execute('UPDATE analysis_jobs SET status = ? WHERE job_id = ?', [status, jobId]);
const phaseIn = async (database: Database, jobId: string) =>
  (await database.em().execute('SELECT phase FROM analysis_jobs WHERE job_id = ?', [jobId]))[0]?.phase;

/** The version before knew two kinds, and the phases of their statuses by heart. */
const former = kinds.all.filter(({ kind }) => ['technique', 'measurement'].includes(kind));

test.each(former)('the phase of a $kind stays what it was, up and down', async (definition) => {
  const database = await empty();
  await migrateUp(database);
  await migrateDown(database, { to: '0010-outbox-index' });
  const jobs = new Map<string, string>();
  for (const status of Object.keys(definition.statuses)) {
    const id = randomUUID();
    const em = database.em();
    await em.execute(
      `INSERT INTO sessions (id, user_id, original_key, file_name, media_type, bytes) VALUES (?, 'u', ?, 'f', 't', 1)`,
      [id, id],
    );
    await em.execute(
      `INSERT INTO analysis_jobs (job_id, session_id, user_id, kind, original_key, status, stage, workflow_id)
       VALUES (?, ?, 'u', ?, ?, ?, 'S', ?)`,
      [id, id, definition.kind, id, status, id],
    );
    jobs.set(status, id);
  }
  const phases = async () => {
    const found: Record<string, string> = {};
    for (const [status, id] of jobs) found[status] = await phaseIn(database, id);
    return found;
  };
  const meant = Object.fromEntries(Object.entries(definition.statuses).map(([s, { phase }]) => [s, phase]));
  expect(await phases()).toEqual(meant);
  await migrateUp(database);
  expect(await phases()).toEqual(meant);
});

test('a worker of the version before, which is still at work, writes statuses whose phases are right', async () => {
  const database = await empty();
  await migrateUp(database);
  const { job_id } = await runningJob(database);
  for (const [status, { phase }] of Object.entries(kinds.named('technique').statuses)) {
    await setStatus(database, job_id, status);
    expect([status, await phaseIn(database, job_id)]).toEqual([status, phase]);
  }
});

test('a key that is limited is good for nothing once nobody knows to what', async () => {
  const database = await empty();
  await migrateUp(database);
  const key = (sha256: string, limited_to: string[] | null) =>
    createApiKey(database, { user_id: 'u', role: 'user', label: '', key_sha256: sha256, limited_to });
  await key('a'.repeat(64), ['camera:yard', 'camera:door']);
  await key('b'.repeat(64), null);
  expect(await findApiKey(database, 'a'.repeat(64))).toMatchObject({
    limited_to: ['camera:yard', 'camera:door'],
  });
  await migrateDown(database, { to: '0015-camera' });
  await migrateUp(database);
  expect(await findApiKey(database, 'a'.repeat(64))).toBeNull();
  expect(await findApiKey(database, 'b'.repeat(64))).toMatchObject({ limited_to: null });
});
