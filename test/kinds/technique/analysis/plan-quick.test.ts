import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PlannableVideo } from '../../../../src/kinds/technique/analysis/plan-deep.ts';
import { planQuick } from '../../../../src/kinds/technique/analysis/plan-quick.ts';

function video(frames: number, keyEvery: number, fps = 30): PlannableVideo {
  const timestamps_s = Array.from({ length: frames }, (_, i) => Math.round((i / fps) * 1e6) / 1e6);
  return {
    timestamps_s,
    keyframes_s: timestamps_s.filter((_, i) => i % keyEvery === 0),
    duration_s: frames / fps,
  };
}

/** What a decoder goes through that begins anew at each keyframe. */
function decoded({ timestamps_s, keyframes_s }: PlannableVideo, times: readonly number[]): number {
  const starts = keyframes_s.map((key) => timestamps_s.indexOf(key));
  return starts.reduce((sum, start, g) => {
    const end = starts[g + 1] ?? timestamps_s.length;
    const last = timestamps_s.slice(start, end).findLastIndex((time) => times.includes(time));
    return sum + last + 1;
  }, 0);
}

test('a video with no more than 150 frames is looked at whole', () => {
  const short = video(65, 65, 5);
  expect(planQuick(short).times_s).toEqual(short.timestamps_s);
});

test('a video of a few seconds is looked at in even steps', () => {
  const { times_s } = planQuick(video(230, 60));
  expect(times_s).toEqual(video(230, 60).timestamps_s.filter((_, i) => i % 2 === 0));
});

test('two minutes with a keyframe every second: 150 frames, evenly spread, within the decode budget', () => {
  const index = video(3653, 25);
  const { times_s, decoded_frames } = planQuick(index);
  expect(times_s).toHaveLength(150);
  expect(decoded_frames).toBeLessThanOrEqual(600);
  expect(decoded(index, times_s)).toBe(decoded_frames);
  const largest = Math.max(...times_s.slice(1).map((time, i) => time - (times_s[i] as number)));
  expect(largest).toBeLessThan(2);
});

test('keyframes far apart: short runs right after each of them, the whole length still covered', () => {
  const index = video(3653, 250);
  const { times_s, decoded_frames } = planQuick(index);
  expect(times_s).toHaveLength(150);
  expect(decoded_frames).toBeLessThanOrEqual(600);
  expect(decoded(index, times_s)).toBe(decoded_frames);
  expect(times_s.at(-1)).toBeGreaterThan(0.95 * index.duration_s);
  for (const key of index.keyframes_s)
    expect(times_s.some((time) => time >= key && time < key + 2)).toBe(true);
});

test('one keyframe only: the whole is decoded rather than most of it left unseen', () => {
  const index = video(3653, 10_000);
  const { times_s, decoded_frames } = planQuick(index);
  expect(times_s).toHaveLength(150);
  expect(times_s.at(-1)).toBe(index.timestamps_s.at(-1));
  expect(decoded_frames).toBe(3653);
});

test('any video: real frames, ascending, each once, never more than wanted', () => {
  const shape = fc.record({
    frames: fc.integer({ min: 1, max: 3000 }),
    keyEvery: fc.integer({ min: 1, max: 900 }),
    wanted: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(shape, ({ frames, keyEvery, wanted }) => {
      const index = video(frames, keyEvery);
      const { times_s, decoded_frames } = planQuick(index, wanted);
      expect(times_s.length).toBeLessThanOrEqual(wanted);
      expect(times_s.length).toBeGreaterThanOrEqual(Math.min(frames, Math.floor(wanted / 2)));
      const all = new Set(index.timestamps_s);
      for (const [i, time] of times_s.entries()) {
        expect(all.has(time)).toBe(true);
        if (i > 0) expect(time).toBeGreaterThan(times_s[i - 1] as number);
      }
      expect(decoded_frames).toBeLessThanOrEqual(frames);
    }),
    { numRuns: 100 },
  );
});
