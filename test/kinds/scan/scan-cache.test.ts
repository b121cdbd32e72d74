import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheKeyOf, mayBeRepeated } from '../../../src/activities/scan/scan-cache.ts';
import { readScanConfiguration } from '../../../src/activities/scan/scan-settings.ts';
import type { ScannedNode, ScanResult } from '../../../src/kinds/scan/analysis/result.ts';

const node = (stages: ScannedNode['stages'], ...children: ScannedNode[]): ScannedNode => ({
  ...{ path: 'a', name: 'a', type: 'zip', media_type: 'application/zip', size: 1, sha256: null },
  ...{ verdict: 'clean', score: 0, notes: [], stages, children },
});
const repeated = (tree: ScannedNode, limits: ScanResult['limits'] = []) => mayBeRepeated({ tree, limits });
const limit = (name: ScanResult['limits'][number]['name']) => [{ name, value: 1, path: 'a' }];

test('a result is repeated unless another scan may get on', () => {
  expect(repeated(node({ unpack: 'incomplete' }, node({ yara: 'malicious' })), limit('children'))).toBe(true);
  for (const category of ['failure', 'timeout'] as const)
    expect(repeated(node({}, node({}, node({ yara: 'malicious', clamav: category }))))).toBe(false);
  for (const name of ['stage_seconds', 'scan_seconds'] as const)
    expect(repeated(node({}), limit(name))).toBe(false);
});

test('the key holds all that can change the answer', async () => {
  const configuration = await readScanConfiguration({});
  const parts = { sha256: 'a', name: 'n', version: '1', clamav: '1.4/2', configuration, jobId: 'one' };
  const key = cacheKeyOf(parts);
  expect(cacheKeyOf({ ...parts, jobId: 'two' })).toBe(key);
  for (const other of [
    ...[{ sha256: 'b' }, { name: 'n.pdf.exe' }, { version: '2' }, { clamav: '1.4/3' }],
    { configuration: { ...configuration, passwords: ['infected'] } },
    { configuration: { ...configuration, limits: { ...configuration.limits, depth: 1 } } },
  ])
    expect(cacheKeyOf({ ...parts, ...other })).not.toBe(key);
  // The setting names the same file, in which there is more now.
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-lists-'));
  const settings = { DOUBLETAKE_SCAN_BLOCKLIST: join(folder, 'blocked') };
  const keyWith = async (...hashes: string[]) => {
    writeFileSync(settings.DOUBLETAKE_SCAN_BLOCKLIST, hashes.join('\n'));
    return cacheKeyOf({ ...parts, configuration: await readScanConfiguration(settings) });
  };
  expect(await keyWith('0'.repeat(64), '1'.repeat(64))).not.toBe(await keyWith('0'.repeat(64)));
  rmSync(folder, { recursive: true });

  const unknown = { ...parts, clamav: null };
  expect(cacheKeyOf({ ...unknown, jobId: 'two' })).not.toBe(cacheKeyOf(unknown));
});
