import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { registryPaths } from '../../scripts/new-kind/registries.ts';
import { copyTree, type TreeCopy } from '../support/tree-copy.ts';

/** A kind by `npm run new-kind` passes every check as it is, and runs. All of it happens in a copy of the tree. */

const kind = 'throwaway';
jest.setTimeout(300_000);

let tree: TreeCopy;
let before: Map<string, string>;
beforeAll(async () => {
  tree = copyTree();
  before = tree.files();
  expect(await run('npm', 'run', '--silent', 'new-kind', kind)).toMatchObject({ code: 0 });
});
afterAll(() => tree?.remove());

/** Nothing of this run's settings: the copy's tests have reporters and servers of their own. */
function spawnInCopy(command: string, args: string[], more: Record<string, string> = {}) {
  const path = [join(tree.path, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    cwd: tree.path,
    env: { PATH: path, HOME: process.env.HOME, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  }
  return { child, output: () => output };
}

async function run(command: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const { child, output } = spawnInCopy(command, args);
  const [code] = await once(child, 'close');
  return { code, output: output() };
}

test('it is files of its own, and an import and an entry in each registry', () => {
  const changed = [...tree.files()].filter(([path, text]) => before.get(path) !== text);
  const added = changed.filter(([path]) => !before.has(path)).map(([path]) => path);
  expect(added.filter((path) => !path.includes(kind))).toEqual([]);
  expect(changed.filter(([path]) => before.has(path)).map(([path]) => path)).toEqual(
    expect.arrayContaining([...registryPaths]),
  );
  for (const [path, text] of changed) {
    const old = before.get(path)?.split('\n');
    if (!old) continue;
    const lines = text.split('\n').filter((line) => !old.includes(line));
    expect([path, lines.length <= 2]).toEqual([path, true]);
    expect(lines.filter((line) => !line.toLowerCase().includes(kind))).toEqual([]);
  }
});

test.each([
  ['lint', ['biome', 'ci', '.']],
  ['types', ['tsc', '--noEmit']],
  ['arrows', ['npm', 'run', '--silent', 'arrows']],
])('it passes %s', async (_what, [command = '', ...args]) => {
  const { code, output } = await run(command, ...args);
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
});

test('it passes its own tests, and those that know all kinds', async () => {
  const { code, output } = await run(
    ...(['npm', 'run', '--silent', 'jest', '--'] as const),
    ...[`test/kinds/${kind}`, 'test/domain/kinds', 'test/config.test.ts'],
    ...['test/worker/kinds-at-work.test.ts', 'test/database/migrations.test.ts'],
  );
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  for (const path of ['analysis/count', 'api/routes', 'story'])
    expect(output).toContain(`test/kinds/${kind}/${path}.test.ts`);
});

test('npm start -- --kind NAME FILE prints what it found', async () => {
  const file = join(tree.path, 'notes.txt');
  writeFileSync(file, 'one\ntwo\n');
  const data = join(tree.path, '.doubletake');
  mkdirSync(data);
  const started = spawnInCopy('node', ['stack/start.mjs', '--kind', kind, file], { DOUBLETAKE_DATA: data });
  try {
    while (!started.output().includes('Temporal Web') && isRunning(started.child)) await sleep(100);
    expect(started.output()).toContain('8 bytes, 2 lines');
  } finally {
    const closed = isRunning(started.child) && once(started.child, 'close');
    started.child.kill('SIGTERM');
    await closed;
  }
});

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
