import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';

const at = (path: string) => new URL(path, import.meta.url).pathname;

let found: {
  pose: { plain: string[]; changed: string[] };
  scaled: number[];
  heads: number;
  sums: number;
  side: number;
  people: { plain: number[][]; firstClass: number[][]; changed: number[][] };
};

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    at('../../fixtures/run-both-ways.ts'),
    at('../../../../samples/walk-and-jump.mp4'),
  ]);
  found = JSON.parse(stdout);
});

test('the changed pose model answers the same, to the bit', () => {
  expect(found.heads).toBe(2);
  expect(found.sums).toBe(1);
  expect(found.scaled).toEqual([-1, 0.999969482421875, -1, 0.999969482421875, -1, 0.999969482421875]);
  expect(found.pose.plain).toHaveLength(4);
  expect(Buffer.from(found.pose.plain[0] as string, 'base64')).toHaveLength(17 * 3 * 4);
  expect(found.pose.changed).toEqual(found.pose.plain);
});

test('a detector of people only finds the same ones, to the bit', () => {
  expect(found.people.plain.filter(([, , , , score]) => (score as number) > 0.3).length).toBeGreaterThan(2);
  expect(found.people.firstClass).toEqual(found.people.plain);
});

test('a detector that takes any shape finds the same people in a square', () => {
  expect(found.side).toBe(512);
  expect(found.people.changed).toHaveLength(found.people.plain.length);
  for (const [n, row] of found.people.changed.entries()) {
    // Pixels of 512 and a score: onnxruntime adds in another order where a shape is open.
    for (const [at, value] of row.entries())
      expect(value).toBeCloseTo(found.people.plain[n]?.[at] as number, 3);
  }
});
