import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFile } from '../../media/models/load-model.ts';

export interface TechniqueModels {
  pose: ModelFile;
  detector: ModelFile;
}

/** The models' paths with the hashes that `SHA256SUMS` beside them promises. @throws Error when the list is not there, or does not have one of them */
export async function readTechniqueModels(folder: string): Promise<TechniqueModels> {
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
  const model = (name: string) => {
    const sha256 = listed.get(name);
    if (!sha256) throw new Error(`${sums} does not list ${name}. Restore the models folder.`);
    return { path: join(folder, name), sha256 };
  };
  return { pose: model('movenet-singlepose-lightning.onnx'), detector: model('centernet-coco-512.onnx') };
}
