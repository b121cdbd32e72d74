import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

export function samplePath(name: string): string {
  return fileURLToPath(new URL(`samples/${name}`, root));
}

/** A model of `models/` with the hash that `SHA256SUMS` gives it. */
export function shippedModel(name: string): { path: string; sha256: string } {
  const sums = readFileSync(new URL('models/SHA256SUMS', root), 'utf8').trim().split('\n');
  const sha256 = sums.map((line) => line.split(/\s+/)).find(([, file]) => file === name)?.[0];
  if (!sha256) throw new Error(`models/SHA256SUMS does not list ${name}`);
  return { path: fileURLToPath(new URL(`models/${name}`, root)), sha256 };
}

export const shippedModels = {
  pose: shippedModel('movenet-singlepose-lightning.onnx'),
  detector: shippedModel('centernet-coco-512.onnx'),
};
