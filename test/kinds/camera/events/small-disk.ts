import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, whose room can be changed. */
export interface SmallDisk {
  path: string;
  resize(megabytes: number): void;
  setReadOnly(): void;
  remove(): void;
}

const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });

/** @param owner who may write there, besides root */
export function smallDisk(megabytes: number, owner?: { uid: number; gid: number }): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'doubletake-disk-'));
  const rights = owner ? `,uid=${owner.uid},gid=${owner.gid},mode=700` : '';
  run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m${rights}`, 'doubletake-test', path);
  return {
    path,
    resize: (to) => run('mount', '-o', `remount,size=${to}m`, path),
    setReadOnly: () => run('mount', '-o', 'remount,ro', path),
    remove() {
      run('umount', '-l', path);
      rmdirSync(path);
    },
  };
}

/** A file that nobody can write to, root included. @returns what takes that back */
export function makeReadOnly(path: string): () => void {
  run('mount', '--bind', path, path);
  run('mount', '-o', 'remount,bind,ro', path);
  return () => run('umount', '-l', path);
}

/** Why there can be none; undefined where there can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'skipped: only root may mount on Linux';
  try {
    smallDisk(1).remove();
    return undefined;
  } catch (error) {
    return `skipped: nothing can be mounted here (${(error as Error).message.split('\n')[0]})`;
  }
}
