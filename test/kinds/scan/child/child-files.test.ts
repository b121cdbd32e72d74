import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ChildFiles } from '../../../../src/kinds/scan/child/child-files.ts';
import { childrenOf, TreePaths } from '../../../../src/kinds/scan/child/children-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-children-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('each child has a short name and a path of its own, however a container names it', () => {
  const sink = new ChildFiles(folder, { children: 10, expanded_bytes: 100, ratio: 200 }, 10);
  for (const name of ['a', 'a (2)', 'a', 'a', `${'n'.repeat(4_000_000)}.js`]) sink.open(name).end();
  const children = childrenOf({ path: 'x.zip' }, sink.files, folder, new TreePaths());
  expect(children.slice(0, 4).map(({ path }) => path)).toEqual([
    ...['x.zip/a', 'x.zip/a (2)', 'x.zip/a (3)', 'x.zip/a (4)'],
  ]);
  expect(children.slice(0, 4).map(({ name }) => name)).toEqual(['a', 'a (2)', 'a', 'a']);
  expect(children[4]?.name).toMatch(/^n{500,}…n{500,}\.js$/);
  expect(children[4]?.path.length).toBeLessThan(600);
});
