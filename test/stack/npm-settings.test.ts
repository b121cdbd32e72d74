import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('npm has nothing to warn of in our settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-npm-'));
  for (const file of ['.npmrc', 'package.json']) copyFileSync(file, join(folder, file));
  // None of what npm, which runs this test, hands on to its children.
  const env = { PATH: process.env.PATH, HOME: folder };
  const { status, stderr } = spawnSync('npm', ['config', 'get', 'save-exact'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  expect([status, stderr]).toEqual([0, '']);
});
