import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { Upload } from 'tus-js-client';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import type { ArtifactStore } from '../../../src/storage/artifact-store.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import {
  DIGITS,
  expectNoMark,
  MARK,
  markedNifti,
  markedSeries,
  packedWithName,
} from '../../support/mri/marked-scans.ts';
import { type JobAnswer, type RunningService, startService } from '../../support/running-service.ts';
import { readableEvent } from '../../workflows/support/readable-event.ts';

/** Nothing that names a person is anywhere once the job's first step has ended: not in S3, PostgreSQL, Temporal or a log. */

const folder = mkdtempSync(join(tmpdir(), 'doubletake-mri-privacy-'));
let service: RunningService;
let database: Database;
let store: ArtifactStore;
let client: Client;

beforeAll(async () => {
  service = await startService({ environment: { DOUBLETAKE_KINDS: 'mri' } });
  const { DATABASE_URL, DOUBLETAKE_BUCKET, TEMPORAL_ADDRESS } = service.environment;
  database = await openDatabase(DATABASE_URL as string);
  store = openStore({ bucket: DOUBLETAKE_BUCKET as string, forcePathStyle: true });
  client = new Client({ connection: await Connection.connect({ address: TEMPORAL_ADDRESS }) });
}, 120_000);

afterAll(async () => {
  await client?.connection.close();
  await database?.close();
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const marked: [string, string, () => Promise<Buffer>][] = [
  [
    'a NIfTI volume with an extension',
    `${MARK}^${DIGITS}.nii.gz`,
    async () => packedWithName(markedNifti(1)),
  ],
  ['a DICOM series', `${MARK}^${DIGITS}.zip`, markedSeries],
  ['what cannot be cleaned', `${MARK}.nii`, async () => markedNifti(2).subarray(0, 600)],
];

test.each(marked)('%s, by one request', async (_what, fileName, scan) => {
  const path = join(folder, 'scan');
  writeFileSync(path, await scan());
  const job = await service.upload(path, { kind: 'mri', fileName });
  await expectNowhere(await service.ended(job.id));
});

test.each(marked)('%s, in parts that can be resumed', async (_what, fileName, scan) => {
  const upload_id = await sendInParts(await scan(), fileName);
  const job = await service.read<JobAnswer>('/api/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ upload_id, kind: 'mri' }),
  });
  await expectNowhere(await service.ended(job.id));
  // Nor of those who ask for the upload.
  expectNoMark(Buffer.from(JSON.stringify(await service.read(`/api/uploads/${upload_id}`))));
});

async function sendInParts(data: Buffer, filename: string): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(data as never, {
      endpoint: service.url('/api/uploads'),
      metadata: { filename, filetype: `application/${MARK}` },
      chunkSize: 300_000,
      retryDelays: [],
      onError: reject,
      onSuccess: () => resolve(upload.url as string),
    });
    upload.start();
  });
  return url.split('/').at(-1) as string;
}

async function expectNowhere(job: JobAnswer): Promise<void> {
  expectNoMark(Buffer.from(JSON.stringify(job)));
  for (const text of [await everyRow(), await historyOf(job), service.logs()])
    expectNoMark(Buffer.from(text));
  const folderOf = `originals/local/${job.session_id}/`;
  const originals: string[] = [];
  for await (const { key } of store.list('')) {
    const head = await store.head(key);
    expectNoMark(Buffer.from(JSON.stringify({ key, head })));
    expectNoMark(await store.get(key));
    if (key.startsWith(folderOf)) originals.push(key.slice(folderOf.length));
  }
  // Whoever asks for the job is told where the cleaned file is, and never where the raw one was.
  const told = await service.read<{ original_image_key: string | null }>(`/api/analysis-jobs/${job.id}`);
  expect(told.original_image_key).toBe(originals[0] ? `${folderOf}${originals[0]}` : null);
  // The cleaned file alone, or nothing.
  expect(originals.length).toBeLessThanOrEqual(1);
  for (const name of originals)
    expect(name).toMatch(new RegExp(`^[0-9a-f-]{36}/scan-${job.session_id.slice(0, 8)}\\.(nii\\.gz|zip)$`));
  const page = await fetch(service.url(`/reports/${job.id}`), { headers: { accept: 'text/html' } });
  expectNoMark(Buffer.from(await page.text()));
}

async function everyRow(): Promise<string> {
  const tables = await database
    .em()
    .execute<{ name: string }[]>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const rows: string[] = [];
  for (const { name } of tables)
    for (const { row } of await database
      .em()
      .execute<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`))
      rows.push(row);
  expect(rows.length).toBeGreaterThan(10);
  return rows.join('\n');
}

/** Of each run of each workflow, as text. */
async function historyOf({ workflow_id, id }: JobAnswer): Promise<string> {
  const texts: string[] = [];
  for await (const { workflowId, runId, memo, searchAttributes } of client.workflow.list({
    query: `WorkflowId STARTS_WITH "${workflow_id.slice(0, workflow_id.indexOf(id) + id.length)}"`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { events } = await handle.fetchHistory();
    texts.push(JSON.stringify({ workflowId, memo, searchAttributes }), ...(events ?? []).map(readableEvent));
  }
  expect(texts.length).toBeGreaterThan(3);
  return texts.join('\n');
}
