import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageFailure } from './failures.ts';

export async function writeWhole(path: string, content: string): Promise<void> {
  await makeWhole(path, (partial) => writeFile(partial, content));
}

/**
 * A file is there whole or not at all: `write` writes beside its place, then it is renamed. After an error
 * nothing is left.
 * @throws UsageFailure when the disk refuses; what else `write` throws
 */
export async function makeWhole(path: string, write: (partial: string) => Promise<unknown>): Promise<void> {
  const partial = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    if (!isDiskError(error)) throw error;
    throw new UsageFailure(`${path} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

function isDiskError(error: unknown): boolean {
  return /^(EACCES|EPERM|ENOSPC|EROFS|ENOTDIR|EEXIST|EISDIR|EDQUOT)$/.test(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}
