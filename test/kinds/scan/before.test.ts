import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { judgeScan, wantsScanBefore } from '../../../src/activities/scan/scan-before.ts';
import type { Job } from '../../../src/domain/job.ts';
import { isOpen } from '../../../src/domain/phase.ts';
import { phone } from '../../support/measurement/phone-photo.ts';
import { type System, startSystem } from '../../workflows/support/system.ts';
import { sha256Of } from './support/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-scan-before-'));
let system: System;
let listed: Buffer;

beforeAll(async () => {
  listed = await sharp(phone.bytes).jpeg({ quality: 80 }).toBuffer();
  const list = join(folder, 'blocklist');
  writeFileSync(list, `${sha256Of(listed)}\n`);
  system = await startSystem('scan-before');
  await system.startWorker({
    DOUBLETAKE_KINDS: 'measurement,scan',
    DOUBLETAKE_SCAN_BEFORE_ANALYSIS: 'true',
    DOUBLETAKE_SCAN_BLOCKLIST: list,
  });
});
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const ended = (id: string) => system.until(id, (job) => !isOpen(job.phase));

test('a photograph is scanned before it is measured, and the result says so', async () => {
  const { job_id } = await system.submitAs('measurement', phone);
  expect(await ended(job_id)).toMatchObject({
    status: 'completed',
    result: { preceded_by: [{ kind: 'scan', note: 'the scan says clean' }] },
  });
});

test('what is malicious is never decoded: its job fails, and says where the reasons are', async () => {
  const { job_id } = await system.submitAs('measurement', { ...phone, bytes: listed });
  const job = await ended(job_id);
  expect(job).toMatchObject({ status: 'failed', error_type: 'MaliciousFile' });
  const [, scanId] = /the report of job ([0-9a-f-]{36})/.exec(job.error_message as string) ?? [];
  expect(await system.job(scanId as string)).toMatchObject({
    kind: 'scan',
    result: { verdict: 'malicious' },
  });
});

test('which jobs are scanned before, and what each verdict means for them', () => {
  const on = { DOUBLETAKE_SCAN_BEFORE_ANALYSIS: 'true' };
  expect(wantsScanBefore({ kind: 'technique', settings: on })).toBe(true);
  expect(wantsScanBefore({ kind: 'scan', settings: on })).toBe(false);
  expect(wantsScanBefore({ kind: 'technique', settings: {} })).toBe(false);

  const job = (verdict?: string) => ({ job_id: 'x', result: verdict ? { verdict } : null }) as unknown as Job;
  const refuse = { DOUBLETAKE_SCAN_UNKNOWN: 'refuse' };
  expect(judgeScan(job('malicious'), {}).refusal?.type).toBe('MaliciousFile');
  expect(judgeScan(job('suspicious'), {})).toEqual({ note: 'the scan says suspicious' });
  expect(judgeScan(job('clean'), refuse)).toEqual({ note: 'the scan says clean' });
  for (const verdict of ['unknown', undefined]) {
    expect(judgeScan(job(verdict), {})).toEqual({ note: 'the scan could not look at all of this file' });
    expect(judgeScan(job(verdict), refuse).refusal?.type).toBe('UnscannedFile');
  }
});
