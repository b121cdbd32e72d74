import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CannotAdd } from './cannot-add.ts';
import type { Change } from './plan-kind.ts';

/**
 * The same, formatted and with sorted imports: how long a line is, and where an import belongs, depends on the name.
 * @throws CannotAdd with the linter's words
 */
export function formatted(root: string, changes: readonly Change[]): Change[] {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-new-kind-'));
  try {
    cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const { path, content } of changes) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const biome = join(root, 'node_modules/.bin/biome');
    const { error, status, stderr } = spawnSync(biome, ['check', '--write', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (error) throw new CannotAdd(`${biome} could not be run: ${error.message}. Run "npm ci" first.`);
    if (status !== 0)
      throw new CannotAdd(`The linter refuses the code of the new kind. Nothing was written.\n${stderr}`);
    return changes.map((change) => ({ ...change, content: readFileSync(join(folder, change.path), 'utf8') }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
