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

test('a process is killed every 5 to 20 s, and every input is sent', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { kills, submissions } = drawSchedule(seed, 8, 7);
      const pauses = kills.map(({ at }, n) => at - (kills[n - 1]?.at ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(5_000);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(20_000);
      expect([...kills, ...submissions].every(({ at }) => at < 8 * 60_000)).toBe(true);
      expect(kills.every(({ part }) => parts.includes(part))).toBe(true);
      expect(new Set(submissions.map(({ input }) => input))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    }),
  );
});
