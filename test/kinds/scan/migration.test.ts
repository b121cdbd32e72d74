import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import { migrateDown, migrateUp } from '../../../src/database/migrate.ts';
import { migrations } from '../../../src/database/migrations/index.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import { cutToFit } from '../../../src/kinds/scan/analysis/cut-to-fit.ts';
import type { ScannedNode, ScanResult } from '../../../src/kinds/scan/analysis/result.ts';
import { stageNames } from '../../../src/kinds/scan/analysis/stage.ts';
import { emptyRow } from '../../../src/kinds/scan/analysis/stage-row.ts';
import { persistScan } from '../../../src/kinds/scan/tables/persist-scan.ts';
import { form } from '../../api/form.ts';
import { type RunningApi, startApi, type TestUser } from '../../api/running-api.ts';

const before = '0013-preceding-jobs';

let api: RunningApi;
let user: TestUser;
beforeAll(async () => {
  api = await startApi();
  user = await api.user();
});
afterAll(() => api.close());

/** A job as the version before left it in the row. */
interface OldJob {
  id: string;
  kind: string;
  status: string;
  phase: string;
  result: object | null;
}

const oldJobs: readonly OldJob[] = [
  { kind: 'technique', status: 'done', phase: 'succeeded', result: null },
  { kind: 'technique', status: 'done', phase: 'succeeded', result: { repetitions: { count: 3 } } },
  { kind: 'technique', status: 'failed', phase: 'failed', result: null },
  { kind: 'technique', status: 'queued', phase: 'queued', result: null },
  { kind: 'measurement', status: 'completed', phase: 'succeeded', result: null },
  { kind: 'measurement', status: 'needs_assist', phase: 'waiting', result: null },
].map((job) => ({ id: randomUUID(), ...job }));

async function insert(em: EntityManager, { id, kind, status, phase, result }: OldJob): Promise<void> {
  await em.execute(
    `INSERT INTO sessions (id, user_id, original_key, file_name, media_type, bytes) VALUES (?, ?, ?, 'f', 't', 1)`,
    [id, user.id, id],
  );
  await em.execute(
    `INSERT INTO analysis_jobs
       (job_id, session_id, user_id, kind, original_key, status, phase, stage, workflow_id, result, dispatched_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'S', ?, ?::jsonb, now())`,
    [id, id, user.id, kind, id, status, phase, `${kind}-${id}`, result && JSON.stringify(result)],
  );
  await em.execute(
    `INSERT INTO job_transitions (job_id, to_status, stage, why) VALUES (?, ?, 'S', 'It was so')`,
    [id, status],
  );
}

async function fillOldTables(em: EntityManager): Promise<void> {
  for (const job of oldJobs) await insert(em, job);
  const measured = oldJobs[4]?.id as string;
  await em.execute(
    `INSERT INTO measurement_versions (job_id, version, source, image, confidence, reasons, provenance)
     VALUES (?, 1, 'machine', '{}', 0.5, '[]', '{}')`,
    [measured],
  );
  await em.execute(
    `INSERT INTO artifacts (key, job_id, pass, name, media_type, bytes, sha256)
     VALUES (?, ?, 'measuring', 'outcome.json', 'application/json', 1, repeat('a', 64))`,
    [artifactKey(measured, 'measuring', 'outcome.json'), measured],
  );
}

type Columns = Readonly<Record<string, readonly string[]>>;

/** The tables that there are now, with their columns; later versions have more of both. */
async function columnsNow(em: EntityManager): Promise<Columns> {
  const rows = await em.execute<{ name: string; columns: string[] }[]>(
    `SELECT table_name AS name, array_agg(column_name::text ORDER BY column_name) AS columns
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> 'migrations' GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
}

/** Every row of these tables, with these columns of it. */
async function known(em: EntityManager, tables: Columns): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const [name, columns] of Object.entries(tables)) {
    const list = columns.map((column) => `"${column}"`).join(', ');
    const found = await em.execute(`SELECT ROW(${list})::text AS row FROM "${name}" ORDER BY 1`);
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}

const answersOfOldJobs = () =>
  Promise.all(
    oldJobs.map(async ({ id }) => {
      const { status, body } = await api.ask(user, 'GET', `/reports/${id}`);
      return [status, status === 200 ? body : body.detail];
    }),
  );

const nameOf = (n: number) => `${n}.txt`;

/** A result with so many files in its tree. */
function resultOf(files: number): ScanResult {
  const node = (name: string): ScannedNode => ({
    ...{
      path: `a.zip/${name}`,
      name,
      type: 'text',
      media_type: 'text/plain',
      size: 9,
      sha256: '0'.repeat(64),
    },
    ...{ verdict: 'clean', score: 0, stages: { hashes: 'harmless' }, notes: [], children: [] },
  });
  return {
    ...{ verdict: 'clean', score: 0, limits: [] },
    stages: stageNames.map((name) => emptyRow(name, 'undetected')),
    tree: { ...node('a.zip'), children: Array.from({ length: files }, (_, n) => node(nameOf(n))) },
  };
}

async function newScan(): Promise<string> {
  const body = form(['kind', 'scan'], ['file', new Blob(['one\n']), 'a.zip']);
  const { body: job } = await api.ask(user, 'POST', '/api/jobs', { body });
  await transitionJob(api.database, {
    job_id: job.id,
    attempt: 1,
    why: 'A test',
    to: 'scanning',
    stage: 'SCANNING',
  });
  return job.id;
}

function finish(id: string, whole: ScanResult, result: ScanResult) {
  const key = artifactKey(id, 'scanning', 'result.json');
  const artifact = {
    ...{ pass: 'scanning', name: 'result.json', key, media_type: 'application/json' },
    ...{ bytes: 1, sha256: 'a'.repeat(64) },
  };
  const done = { job_id: id, attempt: 1, why: 'A test', to: 'done', stage: 'DONE', result: { ...result } };
  return transitionJob(api.database, done, (tx) =>
    persistScan(tx, {
      ...{ job_id: id, sha256: '0'.repeat(64), cache_key: 'k', result_key: key, result: whole },
      artifacts: [artifact],
    }),
  );
}

test('scans come to a database that is filled, and go; what was known before stays', async () => {
  const em = api.database.em();
  const since = migrations.map(({ name }) => name).filter((name) => name > before);
  expect(await migrateDown(api.database, { to: before })).toEqual(since.toReversed());
  await fillOldTables(em);
  const tables = await columnsNow(em);
  const former = await known(em, tables);
  expect(former.analysis_jobs).toHaveLength(oldJobs.length);

  expect(await migrateUp(api.database)).toEqual(since);
  expect(await known(em, tables)).toEqual(former);
  const answers = [
    [404, 'Report not available'],
    [200, { repetitions: { count: 3 } }],
    [400, 'Job not completed'],
    [400, 'Job not completed'],
    [404, 'Report not available'],
    [400, 'Job not completed'],
  ];
  expect(await answersOfOldJobs()).toEqual(answers);

  // A result that is too large is refused and moves nothing; cut, it is just let in.
  const whole = resultOf(10_000);
  const id = await newScan();
  await expect(finish(id, whole, whole)).rejects.toMatchObject({ type: 'DatabaseWriteError' });
  expect(await em.execute('SELECT status, result FROM analysis_jobs WHERE job_id = ?', [id])).toEqual([
    { status: 'scanning', result: null },
  ]);
  expect(await em.execute('SELECT 1 FROM scans')).toEqual([]);
  await finish(id, whole, cutToFit(whole));
  const [stored] = await em.execute<{ bytes: number }[]>(
    'SELECT octet_length(result::text) AS bytes FROM analysis_jobs WHERE job_id = ?',
    [id],
  );
  expect(stored?.bytes).toBeGreaterThan(1024 ** 2 - 8192);
  const report = await api.ask(user, 'GET', `/reports/${id}`);
  expect(report.body).toMatchObject({ verdict: 'clean', truncated: true });
  expect(await em.execute('SELECT count(*)::int AS n FROM scan_stages')).toEqual([{ n: stageNames.length }]);

  // Down and up again: the rows of scans are gone, their jobs and results are not, nor is anything of before.
  const full = await known(em, tables);
  expect(await migrateDown(api.database, { to: before })).toEqual(since.toReversed());
  expect(await known(em, tables)).toEqual(full);
  expect(await migrateUp(api.database)).toEqual(since);
  expect(await known(em, tables)).toEqual(full);
  expect(await em.execute('SELECT 1 FROM scans')).toEqual([]);
  expect(await answersOfOldJobs()).toEqual(answers);
  expect((await api.ask(user, 'GET', `/reports/${id}`)).body).toEqual(report.body);
  for (const table of ['analysis_jobs', 'sessions', 'job_transitions'])
    expect(full[table]).toEqual(expect.arrayContaining(former[table] as string[]));
});
