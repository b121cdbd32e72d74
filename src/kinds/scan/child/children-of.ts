import { join } from 'node:path';
import type { FileToScan } from '../analysis/scan-tree.ts';
import { pathPart } from '../analysis/short-text.ts';
import type { ChildFile } from './child-files.ts';

/** Gives each file of one scan a path of its own: of two entries of one name, the second gets ` (2)`. */
export class TreePaths {
  readonly #taken = new Set<string>();
  /** Of each path how many wanted it, so that thousands of one name are counted once each. */
  readonly #wanted = new Map<string, number>();

  within(container: string, name: string): string {
    const path = `${container}/${pathPart(name)}`;
    let count = this.#wanted.get(path) ?? 0;
    let own: string;
    do own = ++count === 1 ? path : `${path} (${count})`;
    while (this.#taken.has(own));
    this.#wanted.set(path, count);
    this.#taken.add(own);
    return own;
  }
}

/** What came out of a container into a folder, as the tree has it. */
export function childrenOf(
  container: Pick<FileToScan, 'path'>,
  files: readonly ChildFile[],
  folder: string,
  paths: TreePaths,
): FileToScan[] {
  return files.map(({ file, name, size, declaredType, offset, note, whole }) => ({
    key: join(folder, file),
    name,
    path: paths.within(container.path, name),
    size,
    declaredType,
    note:
      [note, offset !== undefined && `at ${offset}`, !whole && 'cut off'].filter(Boolean).join(', ') ||
      undefined,
  }));
}
