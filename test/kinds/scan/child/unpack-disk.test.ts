import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { unpack } from '../../../../src/kinds/scan/child/unpack.ts';
import { zipOf } from '../support/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const task = {
  task: 'scanUnpack' as const,
  name: 'x.zip',
  type: 'zip' as const,
  treePath: 'x.zip',
  passwords: [],
  fileBytes: 2 ** 20,
  budget: { children: 10, expanded_bytes: 2 ** 20, ratio: 200 },
};

test('a disk that takes no child is the error of the disk, not a failure of the file', async () => {
  const path = join(folder, 'x.zip');
  writeFileSync(path, zipOf([{ name: 'a.txt', bytes: 'hello' }]));
  const unpacked = unpack({ ...task, path, folder: join(folder, 'is not there') });
  await expect(unpacked).rejects.toMatchObject({ code: 'ENOENT' });
});
