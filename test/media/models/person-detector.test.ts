import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { overlap } from '../../../src/kinds/technique/analysis/tracking/person-choice.ts';
import type { FoundPerson } from '../../../src/media/models/person-detector.ts';
import { samplePath } from '../../support/media/shipped.ts';

const script = new URL('../fixtures/detect-in-shapes.ts', import.meta.url).pathname;

interface Shape {
  width: number;
  height: number;
  /** Of the model's input. */
  shown: number[];
  found: FoundPerson[];
  /** In the whole square. */
  inSquare: FoundPerson[];
}

let shapes: Shape[];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    script,
    samplePath('walk-and-jump.mp4'),
    samplePath('squats.mp4'),
  ]);
  shapes = JSON.parse(stdout);
});

test('a picture is shown with no more of the letterbox than it needs', () => {
  const wide = [1768, 994, 1, 384, 512, 3];
  const high = [720, 1280, 1, 512, 384, 3];
  expect(shapes.map(({ width, height, shown }) => [width, height, ...shown])).toEqual([
    ...Array.from({ length: 4 }, () => wide),
    ...Array.from({ length: 4 }, () => high),
  ]);
});

test('everyone whom the whole square shows surely is found in the same place, and nearly everyone else', () => {
  const all = { inSquare: 0, again: 0 };
  for (const { inSquare, found } of shapes) {
    for (const { box, score } of inSquare) {
      const again = found.some((other) => overlap(other.box, box) > 0.7 && other.score > score - 0.15);
      if (score >= 0.4) expect(again).toBe(true);
      all.inSquare++;
      if (again) all.again++;
    }
  }
  expect(shapes.every(({ inSquare }) => inSquare.some(({ score }) => score >= 0.4))).toBe(true);
  expect(all.again).toBeGreaterThan(0.8 * all.inSquare);
});
