import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotAdd } from './cannot-add.ts';
import type { Change } from './plan-kind.ts';

/**
 * Writes all of the files, or none: when one cannot be written, those before it are taken back.
 * @throws CannotAdd naming what could not be written
 */
export function writeAll(root: string, changes: readonly Change[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const { path, content, before } of changes) {
      const file = join(root, path);
      const folder = mkdirSync(dirname(file), { recursive: true });
      if (folder !== undefined) undo.unshift(() => rmSync(folder, { recursive: true, force: true }));
      // A file that came meanwhile is somebody else's work.
      if (before === undefined) writeFileSync(file, content, { flag: 'wx' });
      undo.unshift(() => (before === undefined ? rmSync(file) : writeFileSync(file, before)));
      if (before !== undefined) writeFileSync(file, content);
    }
  } catch (error) {
    for (const step of undo) step();
    throw new CannotAdd(
      `The files could not be written, and those that were are removed again. ${(error as Error).message}`,
    );
  }
}
