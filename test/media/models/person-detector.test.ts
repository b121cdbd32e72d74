import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { overlap } from '../../../src/analysis/technique/tracking/person-choice.ts';
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
  ]);
  shapes = JSON.parse(stdout);
});

test('a picture is shown with no more of the letterbox than it needs', () => {
  expect(shapes.map(({ width, height, shown }) => [width, height, ...shown])).toEqual([
    [1768, 994, 1, 384, 512, 3],
    [560, 994, 1, 512, 384, 3],
  ]);
});

test('everyone whom the whole square shows surely is found in the same place', () => {
  for (const { inSquare, found } of shapes) {
    const sure = inSquare.filter(({ score }) => score >= 0.4);
    for (const { box, score } of sure) {
      const again = found.filter((other) => overlap(other.box, box) > 0.7 && other.score > score - 0.15);
      expect(again.length).toBeGreaterThan(0);
    }
  }
  expect(shapes[0]?.inSquare.filter(({ score }) => score >= 0.4).length).toBeGreaterThanOrEqual(2);
});
