import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { UsageFailure } from '../failures.ts';

export interface SourceFile {
  path: string;
  name: string;
  bytes: number;
}

/** @throws UsageFailure in words, for what cannot be uploaded at all; the media itself is the server's to judge */
export async function sourceFile(path: string): Promise<SourceFile> {
  const full = resolve(path);
  try {
    const found = await stat(full);
    if (found.isDirectory()) throw new UsageFailure(`${path} is a folder. Name one media file.`);
    if (!found.isFile()) throw new UsageFailure(`${path} is no ordinary file. Copy it to one first.`);
    if (found.size === 0) throw new UsageFailure(`${path} is empty (0 bytes). Was it copied whole?`);
    await access(full, constants.R_OK);
    return { path: full, name: basename(full), bytes: found.size };
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageFailure(`There is no file ${path}.`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new UsageFailure(`${path} may not be read by this user. Check its permissions.`);
    }
    throw new UsageFailure(`${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}
