import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf, isElsewhere } from '../processes/lock.ts';
import type { DataFolder } from './data-folder.ts';

/**
 * A data folder that was copied while its stack ran (`cp -r` of a checkout) names processes and addresses of the
 * original: to use them would be to work on another's data, to end them worse. What names them is removed here.
 *
 * @returns whether there was something to disown
 */
export function disownCopy({ path, lock, pids, stackFile }: DataFolder): boolean {
  const holder = holderOf(lock);
  if (!holder || !isElsewhere(holder, lock)) return false;
  // PostgreSQL keeps a note of its own, and refuses to start while that process lives.
  for (const file of [stackFile, pids, join(path, 'postgres', 'cluster', 'postmaster.pid'), lock])
    rmSync(file, { force: true });
  return true;
}
