import { beforeAll, expect, test } from '@jest/globals';
import type { Judged } from '../../../support/measurement/judge-scene.ts';
import { judgeScenes } from '../../../support/measurement/judge-scenes.ts';

/** What was drawn is known; `npm run accuracy` holds the first forty and 300 others to the same bounds. */
const SCENES = 20;
let judged: Judged[];
beforeAll(async () => {
  judged = await judgeScenes(0, SCENES, 2);
}, 240_000);

const passing = () => judged.filter(({ passes }) => passes);
const errors = () =>
  passing()
    .flatMap((one) => one.errors.map(({ error }) => error))
    .sort((a, b) => a - b);

test('what passes the gate is within 1 % at the median and within 3 % for nineteen of twenty', () => {
  const sorted = errors();
  expect(sorted.length).toBeGreaterThan(50);
  expect(sorted[sorted.length >> 1]).toBeLessThan(0.01);
  expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(0.03);
});

test('nothing that passes the gate is off by more than a tenth, left out, or made up', () => {
  expect(errors().at(-1)).toBeLessThan(0.1);
  expect(
    passing()
      .filter((one) => one.missing + one.false > 0)
      .map(({ seed }) => seed),
  ).toEqual([]);
});

test('more than half of the scenes pass the gate', () => {
  expect(passing().length).toBeGreaterThan(SCENES / 2);
});

test('whoever is asked is told why', () => {
  for (const { confidence, messages, passes } of judged) {
    if (passes) expect(confidence).toBeGreaterThanOrEqual(0.7);
    else expect(messages.length > 0 && messages.every((message) => message.length > 40)).toBe(true);
  }
});
