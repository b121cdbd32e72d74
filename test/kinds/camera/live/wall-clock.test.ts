import { expect, test } from '@jest/globals';
import { WallClock } from '../../../../src/kinds/camera/live/wall-clock.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 5, 1, 12);
const near = { before: minute, after: minute };

test('by arrival, the packet that came with the least delay counts', () => {
  const clock = new WallClock(near);
  // The first second comes late and in one go.
  for (const [at_s, late_ms] of [
    [0, 900],
    [0.5, 400],
    [0.9, 10],
    [1.5, 300],
  ] as const)
    clock.see({ at_s, arrived_ms: noon + at_s * 1000 + late_ms, said_ms: null });
  expect(clock.at(0.2)).toEqual({ at_ms: noon + 210, time_source: 'arrival' });
});

test('a stream whose clock is slow is followed', () => {
  const clock = new WallClock(near);
  for (let at_s = 0; at_s <= 3600; at_s++) clock.see({ at_s, arrived_ms: noon + at_s * 1010, said_ms: null });
  expect(Math.abs(clock.at(3600).at_ms - (noon + 3600 * 1010))).toBeLessThanOrEqual(2000);
});

test('the camera’s word counts where it can be true, and from when it is given', () => {
  const clock = new WallClock(near);
  clock.see({ at_s: 0, arrived_ms: noon, said_ms: null });
  expect(clock.at(0).time_source).toBe('arrival');
  clock.see({ at_s: 1, arrived_ms: noon + 1000, said_ms: noon - 4000 });
  expect(clock.at(1)).toEqual({ at_ms: noon - 4000, time_source: 'stream' });
  // What does not repeat it does not take it back.
  clock.see({ at_s: 2, arrived_ms: noon + 2000, said_ms: null });
  expect(clock.at(2)).toEqual({ at_ms: noon - 3000, time_source: 'stream' });
});

test.each([
  ['1970', 0],
  ['an hour ago', noon - 60 * minute],
  ['in two hours', noon + 120 * minute],
])('a camera that believes it to be %s is not believed', (_when, said_ms) => {
  const clock = new WallClock(near);
  clock.see({ at_s: 0, arrived_ms: noon, said_ms: noon });
  clock.see({ at_s: 1, arrived_ms: noon + 1000, said_ms });
  expect(clock.at(1)).toEqual({ at_ms: noon + 1000, time_source: 'arrival' });
});

test('nothing can be said before anything came', () => {
  expect(() => new WallClock(near).at(0)).toThrow(RangeError);
});
