import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { UsageFailure } from './failures.ts';

/** Makes the folder of `--out` before anything is uploaded: an hour later would be a bad time to learn of it. */
export async function prepareOutFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    throw new UsageFailure(`--out ${path} cannot be written to: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
