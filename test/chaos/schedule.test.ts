import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawSchedule, parts } from '../../chaos/schedule.ts';

test('a seed stands for one schedule', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, inputs) => {
      expect(drawSchedule(seed, 3, inputs)).toEqual(drawSchedule(seed, 3, inputs));
      expect(drawSchedule(seed, 3, inputs)).not.toEqual(drawSchedule(seed + 1, 3, inputs));
    }),
  );
});

test('the kills of a seed do not depend on how many inputs there are, and a longer run begins like a shorter one', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { kills } = drawSchedule(seed, 3, 7);
      expect(drawSchedule(seed, 3, 20).kills).toEqual(kills);
      expect(drawSchedule(seed, 8, 7).kills.slice(0, kills.length)).toEqual(kills);
    }),
  );
});

test('each part is killed once and soon, in an order that is drawn, and then any every 5 to 20 s', () => {
  const orders = new Set<string>();
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { kills } = drawSchedule(seed, 8, 7);
      const pauses = kills.map(({ at }, n) => at - (kills[n - 1]?.at ?? 0));
      const [first, later] = [pauses.slice(0, parts.length), pauses.slice(parts.length)];
      expect(Math.min(...first)).toBeGreaterThanOrEqual(3_000);
      expect(Math.max(...first)).toBeLessThanOrEqual(5_000);
      expect(Math.min(...later)).toBeGreaterThanOrEqual(5_000);
      expect(Math.max(...later)).toBeLessThanOrEqual(20_000);
      const order = kills.slice(0, parts.length).map(({ part }) => part);
      expect(order.toSorted()).toEqual([...parts].sort());
      orders.add(order.join());
    }),
  );
  expect(orders.size).toBeGreaterThan(20);
});

test('every input is sent, and nothing is done after the end', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { kills, submissions } = drawSchedule(seed, 8, 7);
      expect([...kills, ...submissions].every(({ at }) => at < 8 * 60_000)).toBe(true);
      expect(kills.every(({ part }) => parts.includes(part))).toBe(true);
      expect(new Set(submissions.map(({ input }) => input))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    }),
  );
});

test('children are killed at any worker, and any of its children', () => {
  const { kills } = drawSchedule(1, 600, 7);
  const children = kills.map(({ child }) => child);
  expect(new Set(children.map(({ worker }) => worker))).toEqual(new Set([0, 1]));
  expect(new Set(children.map(({ nth }) => Math.floor(nth * 10))).size).toBe(10);
  expect(children.every(({ nth }) => nth >= 0 && nth < 1)).toBe(true);
});

test('the run of the continuous integration kills every part', () => {
  const [, minutes, seed] = /npm run --silent chaos -- --minutes (\S+) --seed (\d+)/.exec(
    readFileSync('.ci/run', 'utf8'),
  ) as unknown as [string, string, string];
  const { kills } = drawSchedule(Number(seed), Number(minutes), 7);
  expect(new Set(kills.map(({ part }) => part))).toEqual(new Set(parts));
});
