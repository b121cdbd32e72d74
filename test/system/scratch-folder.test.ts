import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { inScratchFolder, removeLeftovers, scratchPrefix } from '../../src/system/scratch-folder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'doubletake-scratch-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function started(): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return child as ChildProcess & { pid: number };
}
const ended = async (child: ChildProcess) => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

test('what killed processes left is removed; what a living one has, here or elsewhere, stays', async () => {
  const [living, killed] = [await started(), await started()];
  const stays = [
    `${scratchPrefix('scan', living.pid)}abcdef`,
    `scan-another-host-${killed.pid}-17-abcdef`,
    `originals-${hostname()}-${killed.pid}`,
  ];
  const goes = [
    `${scratchPrefix('scan', killed.pid)}abcdef`,
    // Of a process that had an id of now, and of this one in an earlier life.
    `scan-${hostname()}-${living.pid}-17-abcdef`,
    `scan-${hostname()}-${process.pid}-17-abcdef`,
  ];
  for (const name of [...stays, ...goes]) {
    mkdirSync(join(scratch, name));
    writeFileSync(join(scratch, name, '1'), 'what came out');
  }
  await ended(killed);
  await inScratchFolder(scratch, 'scan', async (own) => {
    expect(await removeLeftovers(scratch, 'scan')).toEqual([]);
    expect(existsSync(own)).toBe(true);
  });
  expect(readdirSync(scratch).sort()).toEqual(stays.sort());
  await ended(living);
});

test('a folder that is not there, or a leftover that cannot be removed, is no error', async () => {
  expect(await removeLeftovers(join(scratch, 'not-there'), 'scan')).toEqual([]);
  const name = `scan-${hostname()}-${process.pid}-17-abcdef`;
  const locked = join(scratch, name);
  mkdirSync(join(locked, 'inner'), { recursive: true });
  chmodSync(locked, 0o500);
  const isRoot = process.getuid?.() === 0;
  expect(await removeLeftovers(scratch, 'scan')).toEqual(isRoot ? [] : [name]);
  if (!isRoot) chmodSync(locked, 0o700);
});
