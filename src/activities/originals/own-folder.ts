import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../system/process-identity.ts';

/**
 * This process's empty folder within `folder`. What an earlier process left is removed, one of the same id too (in a
 * container that is the rule): the files' hashes are not known, and reading them again costs as much as a download.
 */
export async function makeOwnFolder(folder: string): Promise<string> {
  const mine = `originals-${hostname()}-`;
  const home = join(folder, `${mine}${process.pid}`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  for (const name of await readdir(folder)) {
    // Of another machine, or container, that shares the folder: whether a process lives there cannot be told from here.
    const pid = name.startsWith(mine) ? Number(name.slice(mine.length)) : Number.NaN;
    if (Number.isInteger(pid) && pid !== process.pid && !identify(pid)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  return home;
}
