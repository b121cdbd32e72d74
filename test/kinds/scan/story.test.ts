import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import type { ScanResult } from '../../../src/kinds/scan/analysis/result.ts';
import { stageNames } from '../../../src/kinds/scan/analysis/stage.ts';
import { scanFields } from '../../../src/kinds/scan/tables/read-scan.ts';
import { type System, startSystem } from '../../workflows/support/system.ts';
import { bomb, eicar, sha256Of, zipOf } from './support/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-scan-story-'));
const blocked = Buffer.from('this very text is on the list\n');
let system: System;

beforeAll(async () => {
  const list = join(folder, 'blocklist');
  writeFileSync(list, `# ours\n${sha256Of(blocked)} an example\n`);
  system = await startSystem('scan');
  await system.startWorker({
    DOUBLETAKE_KINDS: 'scan',
    DOUBLETAKE_SCAN_BLOCKLIST: list,
    DOUBLETAKE_SCRATCH: join(folder, 'scratch'),
    DOUBLETAKE_SCAN_MAX_EXPANDED_BYTES: String(64 * 1024 ** 2),
  });
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ended = (id: string, attempt = 1) =>
  system.until(id, (job) => job.attempt === attempt && !isOpen(job.phase));
const scanned = async (name: string, bytes: Buffer, options = {}) => {
  const file = { name, bytes, media_type: 'application/octet-stream' };
  const { job_id } = await system.submitAs('scan', file, { options });
  return ended(job_id);
};
const resultOf = ({ result }: Job) => result as unknown as ScanResult & { cached_from?: string };

test('a clean file: the row, the stages, the object and the result say the same', async () => {
  const job = await scanned('notes.txt', Buffer.from('one\ntwo\n'));
  expect(job).toMatchObject({
    status: 'done',
    progress_pct: 100,
    result: { verdict: 'clean', score: 0, limits: [] },
  });
  expect(resultOf(job).stages.map(({ name }) => name)).toEqual([...stageNames]);
  expect([...(await scanFields(system.database.em(), job.job_id))].sort()).toEqual(['stages', 'verdict']);
  const object = await system.store.get(artifactKey(job.job_id, 'scanning', 'result.json'));
  expect(JSON.parse(object.toString())).toEqual(job.result);
});

test('EICAR in archives: malicious, and the tree shows where', async () => {
  const job = await scanned('outer.zip', await zipOf('inner.zip', await zipOf('eicar.com', eicar())));
  expect(job).toMatchObject({ status: 'done', result: { verdict: 'malicious' } });
  const { stages, tree } = resultOf(job);
  const found = stages.flatMap(({ findings }) => findings).filter(({ score }) => score >= 700);
  expect(found.map(({ where }) => where.path)).toContain('outer.zip/inner.zip/eicar.com');
  expect(tree.children[0]?.children[0]).toMatchObject({ name: 'eicar.com', verdict: 'malicious' });
});

test('an empty file is taken, and is clean', async () => {
  expect(await scanned('nothing', Buffer.alloc(0))).toMatchObject({
    status: 'done',
    result: { verdict: 'clean', tree: { type: 'empty', size: 0 } },
  });
});

test('a bomb: ended within the limit, unknown, and nothing of it is left', async () => {
  const job = await scanned('bomb.gz', bomb(256 * 1024 ** 2));
  expect(job).toMatchObject({ status: 'done', result: { verdict: 'unknown' } });
  expect(resultOf(job).limits).toMatchObject([{ path: 'bomb.gz' }]);
  expect(readdirSync(join(folder, 'scratch')).filter((name) => name.startsWith('scan-'))).toEqual([]);
});

test('what the operator has on the list is malicious, wherever it lies', async () => {
  const job = await scanned('a.zip', await zipOf('listed.txt', blocked));
  expect(job).toMatchObject({ result: { verdict: 'malicious', score: 1000 } });
  expect(
    resultOf(job)
      .stages.flatMap(({ findings }) => findings)
      .map(({ id }) => id),
  ).toContain('list.blocked');
});

test('the same bytes under the same name: the same answer, said to be from before; ignore_cache scans anew', async () => {
  const bytes = await zipOf('eicar.com', eicar());
  const first = await scanned('one.zip', bytes);
  const again = await scanned('one.zip', bytes);
  expect(resultOf(again)).toEqual({ ...resultOf(first), cached_from: first.job_id });
  expect(resultOf(await scanned('one.zip', bytes, { ignore_cache: true })).cached_from).toBeUndefined();
});

test('another name is looked at again, and another user is never answered from a scan that is not theirs', async () => {
  const bytes = gzipSync('REM the same bytes\n');
  expect(resultOf(await scanned('notes.gz', bytes))).toMatchObject({ verdict: 'clean' });
  const deceiving = resultOf(await scanned('notes.pdf.exe.gz', bytes));
  expect(deceiving).toMatchObject({ verdict: 'suspicious', tree: { children: [{ name: 'notes.pdf.exe' }] } });
  expect(deceiving.cached_from).toBeUndefined();

  const theirs = { name: 'notes.gz', bytes, media_type: 'application/gzip' };
  const { job_id } = await system.submitAs('scan', theirs, { user_id: 'coach-8' });
  expect(resultOf(await ended(job_id)).cached_from).toBeUndefined();
});

test('a scan without the row of each stage is not done; a retry scans again and is', async () => {
  const em = system.database.em();
  await em.execute(
    'CREATE FUNCTION lose_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
  );
  await em.execute(
    `CREATE TRIGGER loses BEFORE INSERT ON scan_stages FOR EACH ROW WHEN (NEW.name = 'yara') EXECUTE FUNCTION lose_row()`,
  );
  const { job_id } = await scanned('lost.txt', Buffer.from('a row of it gets lost\n'));
  expect(await system.job(job_id)).toMatchObject({
    status: 'failed',
    error_type: 'CriticalArtifactsMissing',
    error_message: expect.stringContaining('stages=MISSING'),
    result: null,
  });

  await em.execute('DROP FUNCTION lose_row CASCADE');
  await retryJob(system.database, job_id, { by: 'coach-7' });
  system.relay.wake();
  expect(await ended(job_id, 2)).toMatchObject({ status: 'done', result: { verdict: 'clean' } });
});

test('a file of the tree is extracted for an operator: encrypted, under no name of its own', async () => {
  const bytes = await zipOf('inner.zip', await zipOf('eicar.com', eicar()));
  const job = await scanned('taken.zip', bytes, { extract: 'taken.zip/inner.zip/eicar.com' });
  expect(job).toMatchObject({ status: 'done', result: { verdict: 'malicious' } });
  const sealed = await system.store.get(artifactKey(job.job_id, 'scanning', 'extracted.zip'));
  expect(sealed.subarray(0, 4).toString()).toBe('PK\x03\x04');
  // Encrypted, by AES (APPNOTE.TXT, appendix of WinZip: method 99).
  expect([sealed.readUInt16LE(6) & 1, sealed.readUInt16LE(8)]).toEqual([1, 99]);
  expect(sealed.subarray(30, 38).toString()).toBe('file.bin');
  expect(sealed.includes(eicar().subarray(0, 20))).toBe(false);

  expect(await scanned('not.zip', bytes, { extract: 'taken.zip/other' })).toMatchObject({
    status: 'failed',
    error_message: expect.stringContaining('has the path "taken.zip/other"'),
  });
});
