import {
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from '../../src/system/process-identity.ts';

export interface LockHolder extends ProcessIdentity {
  /** Where the lock was taken: path and inode of its folder. */
  folder: { path: string; inode: number };
}

/**
 * A lock file that names its holder, so that one left by a process that was killed does not count.
 *
 * @returns how to release it, or the process that holds it
 */
export function takeLock(path: string): { release: () => void } | { heldBy: LockHolder } {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ ...identify(process.pid), folder: folderOf(path) }));
  try {
    for (;;) {
      try {
        // A link is made whole or not at all, and only if none is there.
        linkSync(mine, path);
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(path);
      if (holder && isRunning(holder) && !isElsewhere(holder, path)) return { heldBy: holder };
      clearStale(path, holder);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function folderOf(path: string): LockHolder['folder'] {
  const folder = realpathSync(dirname(path));
  return { path: folder, inode: statSync(folder).ino };
}

/**
 * Whether a lock came here by copying its folder. Its holder then works on the original. A folder that was moved
 * kept its inode, one that was put back kept its path: both are still the holder's.
 */
export function isElsewhere({ folder }: LockHolder, path: string): boolean {
  // Of an older version, which did not say.
  if (!folder) return false;
  const here = folderOf(path);
  return folder.path !== here.path && folder.inode !== here.inode;
}

export function holderOf(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Moved aside first: if another process was faster, what we moved is its lock, and goes back. */
function clearStale(path: string, stale: ProcessIdentity | undefined): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = holderOf(aside);
    if (moved && isRunning(moved) && moved.started !== stale?.started) linkSync(aside, path);
  } catch {
    // Gone already, or taken again: the caller looks again.
  } finally {
    rmSync(aside, { force: true });
  }
}
