import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFile } from './load-model.ts';

/**
 * The models of a folder, with the hashes that `SHA256SUMS` in it promises.
 * @returns the path and the hash of a model by its file's name; that throws an Error where the list does not have it
 * @throws Error when the list is not there
 */
export async function readModelsFolder(folder: string): Promise<(name: string) => ModelFile> {
  const listed = new Map<string, string>();
  const sums = join(folder, 'SHA256SUMS');
  const text = await readFile(sums, 'utf8').catch((error) => {
    // Without its cause: `npm start` shows the end of the log, and these words are to be in it.
    throw new Error(
      `${sums} cannot be read (${error.code}). Restore the models folder, or name it in DOUBLETAKE_MODELS.`,
    );
  });
  for (const line of text.split('\n')) {
    const [sha256, name] = line.trim().split(/\s+\*?/);
    if (sha256 && name) listed.set(name, sha256);
  }
  return (name) => {
    const sha256 = listed.get(name);
    if (!sha256) throw new Error(`${sums} does not list ${name}. Restore the models folder.`);
    return { path: join(folder, name), sha256 };
  };
}
