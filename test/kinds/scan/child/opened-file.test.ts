import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openScannedFile } from '../../../../src/kinds/scan/child/opened-file.ts';

test.each([10, 3_000_000])('of %i bytes: the same bytes by every way, also past the end', (size) => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-opened-'));
  const path = join(folder, 'a');
  const content = Buffer.from(Array.from({ length: size }, (_, n) => (n * 167 + (n >> 8)) & 0xff));
  writeFileSync(path, content);
  const file = openScannedFile({ path, name: 'a', fileBytes: 64 * 1024 ** 2 });
  try {
    const room = new Uint8Array(7);
    const check = () => {
      for (const from of [0, 3, size - 7, size - 2, size, size + 5]) {
        const want = content.subarray(from, from + 7);
        expect(Buffer.from(file.readInto(room, from))).toEqual(want);
        expect(Buffer.from(file.read(from, from + 7))).toEqual(want);
      }
    };
    check();
    expect(Buffer.from(file.bytes()).equals(content)).toBe(true);
    check();
  } finally {
    file.close();
    rmSync(folder, { recursive: true });
  }
});
