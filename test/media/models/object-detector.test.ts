import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { cocoClasses } from '../../../src/media/models/coco-classes.ts';
import type { FoundObject } from '../../../src/media/models/object-detector.ts';
import { samplePath } from '../../support/media/shipped.ts';

const script = new URL('../fixtures/detect-objects.ts', import.meta.url).pathname;
const bottles = new URL('../../kinds/camera/clips/bottle-detection.mp4', import.meta.url).pathname;

interface Frame {
  objects: FoundObject[];
  people: { score: number; box: FoundObject['box'] }[];
  inPart: FoundObject[];
  shown: number[][];
}

let people: Frame[];
let things: Frame[];

beforeAll(async () => {
  const detect = async (...args: string[]): Promise<Frame[]> =>
    JSON.parse((await promisify(execFile)(process.execPath, ['--no-warnings', script, ...args])).stdout);
  people = await detect(samplePath('people-one-by-one.mp4'), '2', '10', '30', '55');
  things = await detect(bottles, '1');
});

test('the classes are those of COCO, in the usual order', () => {
  expect(cocoClasses).toHaveLength(80);
  expect(new Set(cocoClasses).size).toBe(80);
  expect([0, 2, 14, 16, 23, 39, 79].map((kind) => cocoClasses[kind])).toEqual([
    ...['person', 'car', 'bird', 'dog', 'giraffe', 'bottle', 'toothbrush'],
  ]);
});

test('things of other classes are found, each with its name', () => {
  expect(things[0]?.objects.map(({ label }) => label)).toContain('bottle');
});

test('the people are those whom the detector of people finds', () => {
  expect(people.map(({ people: found }) => found.length)).toEqual([0, 1, 1, 1]);
  for (const { objects, people: found } of people) {
    const persons = objects.filter(({ label }) => label === 'person');
    expect(persons).toHaveLength(found.length);
    for (const [n, { box, confidence }] of persons.entries()) {
      expect(confidence).toBeCloseTo(found[n]?.score as number, 2);
      for (const side of ['x', 'y', 'width', 'height'] as const) {
        expect(box[side]).toBeCloseTo(found[n]?.box[side] as number, 2);
      }
    }
  }
});

test('boxes lie within the picture', () => {
  for (const { objects, inPart } of [...people, ...things]) {
    for (const { box } of [...objects, ...inPart]) {
      expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
      expect(Math.max(box.x + box.width, box.y + box.height)).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
});

test('a part of the picture shows the same person in the same place, for less', () => {
  for (const { objects, inPart, shown } of people.slice(1)) {
    const [whole] = objects.filter(({ label }) => label === 'person');
    const [again] = inPart.filter(({ label }) => label === 'person');
    for (const side of ['x', 'y', 'width', 'height'] as const) {
      expect(Math.abs((again?.box[side] ?? Number.NaN) - (whole?.box[side] as number))).toBeLessThan(0.05);
    }
    const [asWhole, , asPart] = shown.map(([, height = 0, width = 0]) => height * width);
    expect(asPart).toBeLessThan(0.6 * (asWhole as number));
  }
});
