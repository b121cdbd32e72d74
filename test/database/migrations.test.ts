import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { findJob } from '../../src/database/find-job.ts';
import { listArtifacts } from '../../src/database/list-artifacts.ts';
import { migrateDown, migrateUp } from '../../src/database/migrate.ts';
import type { Job } from '../../src/domain/job.ts';
import { phaseOf, phaseSql } from '../../src/domain/phase.ts';
import { persistTechniquePass } from '../../src/kinds/technique/tables/persist-technique-pass.ts';
import { readTechniquePasses } from '../../src/kinds/technique/tables/read-technique-passes.ts';
import { createTestDatabase } from '../support/servers.ts';
import { request, runningJob, step } from './jobs.ts';

const run = promisify(execFile);
const opened: { database: Database; drop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { database, drop } of opened.splice(0)) {
    await database.close();
    await drop();
  }
});

async function empty(): Promise<Database> {
  const { url, drop } = await createTestDatabase();
  const database = await openDatabase(url);
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
  expect(await migrateUp(database)).toHaveLength(10);
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

  // One at a time, each taking back its own and nothing else.
  let now = full;
  for (const names of [
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
    now = without(now, ...names);
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
  expect(applied.flat()).toHaveLength(10);
});

test('the command says what it applied, what is pending and what it took back', async () => {
  const { url, drop } = await createTestDatabase();
  const migrate = async (command: string) => {
    const script = new URL('../../src/database/migrate.ts', import.meta.url).pathname;
    const env = { ...process.env, DATABASE_URL: url };
    return (await run(process.execPath, ['--no-warnings', script, command], { env })).stdout.trim();
  };
  const all =
    '0001-foundation, 0002-technique, 0003-unfinished-deletions, 0004-webhooks, 0005-measurement, 0006-assist, 0007-error-type, 0008-artifacts-of-versions, 0009-preview, 0010-outbox-index';
  try {
    expect(await migrate('status')).toBe(`pending: ${all}`);
    expect(await migrate('up')).toBe(`applied: ${all}`);
    expect(await migrate('up')).toBe('nothing applied');
    expect(await migrate('down')).toBe('taken back: 0010-outbox-index');
    await expect(migrate('sideways')).rejects.toThrow('expected up, down or status');
  } finally {
    await drop();
  }
});

test('the database computes the phase that the domain means', async () => {
  const database = await empty();
  await migrateUp(database);
  const words = ['queued', 'uploaded', 'needs_assist', 'done', 'completed', 'failed', 'canceled', 'scanning'];
  const [definition] = await database.em().execute<{ expression: string }[]>(
    `SELECT generation_expression AS expression FROM information_schema.columns
     WHERE table_name = 'analysis_jobs' AND column_name = 'phase'`,
  );
  for (const word of words) {
    const [row] = await database
      .em()
      .execute<{ ours: string; stored: string }[]>(
        `SELECT ${phaseSql('status')} AS ours, ${definition?.expression} AS stored FROM (SELECT ?::varchar AS status) AS s`,
        [word],
      );
    expect(row).toEqual({ ours: phaseOf(word), stored: phaseOf(word) });
  }
});
