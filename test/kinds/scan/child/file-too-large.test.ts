import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { look } from '../../../../src/kinds/scan/child/look.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-too-large-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a stage that needs more bytes than it may have is incomplete, and names the limit', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n');
  const task = { task: 'scanLook' as const, path, name: 'a.pdf', treePath: 'a.pdf', fileBytes: 16 };
  const { stages } = await look(task, () => {});
  expect(stages.find(({ name }) => name === 'pdf')).toMatchObject({
    category: 'incomplete',
    reasons: [expect.stringContaining('reads files up to 16')],
    limit: { name: 'file_bytes', value: 16 },
  });
});
