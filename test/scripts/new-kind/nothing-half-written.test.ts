import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { copyTree, type TreeCopy } from '../../support/tree-copy.ts';

let tree: TreeCopy;
beforeAll(() => {
  tree = copyTree(['biome.json', 'chaos', 'package.json', 'scripts', 'src']);
  for (const folder of ['test/domain', 'test/kinds', 'test/support'])
    mkdirSync(join(tree.path, folder), { recursive: true });
});
afterAll(() => tree?.remove());

function newKind(...args: string[]) {
  const script = join(tree.path, 'scripts/new-kind/main.ts');
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', script, ...args], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

test.each<[string, string, (file: string) => void]>([
  [
    'a registry that is built otherwise',
    'src/kinds/for-cli.ts',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('kindViews: ', 'views: ')),
  ],
  [
    'a registry whose list is not closed',
    'src/kinds/for-database.ts',
    (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/\],/, ',')),
  ],
  [
    'a file that is there already',
    'test/domain/kinds/throwaway.test.ts',
    (file) => {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, '// mine\n');
    },
  ],
  [
    // It is found only when most of the files are written.
    'a file where a folder belongs',
    'test/domain/kinds',
    (file) => {
      rmSync(file, { recursive: true, force: true });
      writeFileSync(file, '// mine\n');
    },
  ],
])('%s is named, and nothing is written', (_what, path, change) => {
  const file = join(tree.path, path);
  const original = statSync(file, { throwIfNoEntry: false })?.isFile()
    ? readFileSync(file, 'utf8')
    : undefined;
  change(file);
  const before = tree.files();
  const { status, stderr } = newKind('throwaway');
  expect(status).toBe(1);
  expect(stderr).toContain(path);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(tree.files()).toEqual(before);
  rmSync(file);
  if (original !== undefined) writeFileSync(file, original);
});

test.each([[[]], [['one', 'two']], [['--help']], [['technique']]])('%j writes nothing', (args) => {
  const before = tree.files();
  const { status, stderr } = newKind(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(/npm run new-kind tally|there is a kind of this name/);
  expect(tree.files()).toEqual(before);
});
