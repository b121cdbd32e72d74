import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What no checkout has, what is linked instead, and what nothing in the copy reads. */
const leftOut = ['.git', '.doubletake', 'coverage', 'dist', 'node_modules', 'models', 'samples'];

export interface TreeCopy {
  path: string;
  /** Every file by its path, with its text. */
  files(): Map<string, string>;
  remove(): void;
}

/**
 * This tree in a folder of its own, so that a test may change its sources. Packages and models are links.
 * @param names of what is copied from the top folder; all that is needed to test it unless told
 */
export function copyTree(names = readdirSync(root).filter((name) => !leftOut.includes(name))): TreeCopy {
  const path = mkdtempSync(join(tmpdir(), 'doubletake-tree-'));
  // PostgreSQL's user passes through it when we are root.
  chmodSync(path, 0o755);
  for (const name of names) cpSync(join(root, name), join(path, name), { recursive: true });
  symlinkSync(join(root, 'models'), join(path, 'models'));
  // One link a package: what the copy keeps in `node_modules/.cache` must not get into ours.
  mkdirSync(join(path, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(path, 'node_modules', name));
  const folders = ['src', 'test', 'stack', 'scripts', 'bench', 'chaos', 'fuzz'].map((name) =>
    join(path, name),
  );
  return {
    path,
    files: () =>
      new Map(
        folders
          .filter((folder) => existsSync(folder))
          .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file) => [relative(path, file), readFileSync(file, 'latin1')]),
      ),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}
