import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

export function samplePath(name: string): string {
  return fileURLToPath(new URL(`samples/${name}`, root));
}

/**
 * The sample with a sixteenth of its pixels, for tests to whom it matters that people are seen in it, but not how well:
 * a deep job of it takes two thirds (squats.mp4) or half (walk-and-jump.mp4) of the time. Made by `shrink-video.ts`.
 */
export function smallSample(name: 'squats.mp4' | 'walk-and-jump.mp4'): string {
  return fileURLToPath(new URL(`test/media/fixtures/small/${name}`, root));
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
