import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identify, isRunning } from '../../src/system/process-identity.ts';
import { endLeftovers } from '../../stack/processes/leftovers.ts';
import { takeLock } from '../../stack/processes/lock.ts';
import { PidFile } from '../../stack/processes/pid-file.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-pids-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function shell(script: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid as number;
}

test('what a killed supervisor left is ended, also when it ignores being asked', async () => {
  const path = join(folder, 'pids.json');
  const pids = new PidFile(path);
  pids.add('worker', await shell('echo up; exec sleep 60'));
  pids.add('api', await shell('trap "" TERM; echo up; while :; do sleep 1; done'));
  const both = Object.values(pids.entries);
  expect(both.every(isRunning)).toBe(true);

  const ended = await endLeftovers(path, 500);
  expect(ended).toEqual(both.map(({ pid }, at) => `${['worker', 'api'][at]} (${pid})`));
  expect(both.some(isRunning)).toBe(false);
});

test('a process that was given the number of a leftover is left alone', async () => {
  const pid = await shell('echo up; exec sleep 60');
  const path = join(folder, 'pids.json');
  writeFileSync(path, JSON.stringify({ worker: { pid, started: 'an earlier boot:1234' } }));
  expect(await endLeftovers(path)).toEqual([]);
  expect(identify(pid)).toBeDefined();
});

test('a lock is its holder’s until that process is gone', async () => {
  const path = join(folder, 'lock');
  const taken = takeLock(path);
  expect(taken).toHaveProperty('release');
  expect(takeLock(path)).toMatchObject({ heldBy: identify(process.pid) });
  if ('release' in taken) taken.release();

  writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'an earlier boot:1234' }));
  expect(takeLock(path)).toHaveProperty('release');
});

test('a lock file that was cut off by a full disk does not lock for ever', () => {
  const path = join(folder, 'lock');
  writeFileSync(path, '');
  expect(takeLock(path)).toHaveProperty('release');
});

test('a lock that came with a copied folder is nobody’s; with a moved one it is still held', () => {
  const [original, copy, moved] = ['original', 'copy', 'moved'].map((name) => join(folder, name));
  expect(takeLock(join(original as string, 'lock'))).toHaveProperty('release');
  cpSync(original as string, copy as string, { recursive: true });
  expect(takeLock(join(copy as string, 'lock'))).toHaveProperty('release');
  renameSync(original as string, moved as string);
  expect(takeLock(join(moved as string, 'lock'))).toHaveProperty('heldBy');
});
