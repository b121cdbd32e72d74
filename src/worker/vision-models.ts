import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VisionModels } from '../activities/vision-pool.ts';

/** The models' paths with the hashes that `SHA256SUMS` beside them promises. @throws Error when one isn't listed */
export async function readVisionModels(folder: string): Promise<VisionModels> {
  const listed = new Map<string, string>();
  for (const line of (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).split('\n')) {
    const [sha256, name] = line.trim().split(/\s+\*?/);
    if (sha256 && name) listed.set(name, sha256);
  }
  const model = (name: string) => {
    const sha256 = listed.get(name);
    if (!sha256)
      throw new Error(`${join(folder, 'SHA256SUMS')} does not list ${name}. Restore the models folder.`);
    return { path: join(folder, name), sha256 };
  };
  return { pose: model('movenet-singlepose-lightning.onnx'), detector: model('centernet-coco-512.onnx') };
}
