import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PlannableVideo, planDeep } from '../../../../src/kinds/technique/analysis/plan-deep.ts';

function video(frames: number, keyEvery: number, fps = 30): PlannableVideo {
  const timestamps_s = Array.from({ length: frames }, (_, i) => Math.round((i / fps) * 1e6) / 1e6);
  return {
    timestamps_s,
    keyframes_s: timestamps_s.filter((_, i) => i % keyEvery === 0),
    duration_s: frames / fps,
  };
}

test('two minutes with a keyframe every 250 frames: segments of at most about 600, cut at keyframes only', () => {
  const plan = planDeep(video(3653, 250), 600);
  expect(plan.map(({ frames }) => frames)).toEqual([500, 500, 500, 500, 250, 250, 250, 250, 250, 250, 153]);
  expect(plan[0]).toEqual({ n: 0, start_s: 0, end_s: 16.666667, frames: 500 });
});

test('one keyframe: one segment, however long', () => {
  expect(planDeep(video(5000, 100_000), 600)).toHaveLength(1);
});

test('a short tail joins the segment before it', () => {
  expect(planDeep(video(320, 10), 600).map(({ frames }) => frames)).toEqual([150, 170]);
});

test('segments become shorter towards the end, so that all workers finish at about the same time', () => {
  const lengths = planDeep(video(3680, 10), 600).map(({ frames }) => frames);
  expect(lengths.slice(0, 2)).toEqual([600, 600]);
  expect(lengths.at(-1)).toBeLessThan(200);
  expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
});

test('a single frame is one segment that contains it', () => {
  expect(planDeep({ timestamps_s: [0], keyframes_s: [0], duration_s: 0 }, 600)).toEqual([
    { n: 0, start_s: 0, end_s: 0.5, frames: 1 },
  ]);
});

test('a video without frames cannot be planned', () => {
  expect(() => planDeep({ timestamps_s: [], keyframes_s: [], duration_s: 3 }, 600)).toThrow(RangeError);
});

const anyVideo = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 400 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
  )
  .map(([steps, dice]): PlannableVideo => {
    let ticks = 0;
    const timestamps_s = steps.map((step) => {
      ticks += step;
      return ticks / 1000;
    });
    const keyframes_s = timestamps_s.filter(() => dice.next().value === 0);
    return { timestamps_s, keyframes_s, duration_s: (timestamps_s.at(-1) as number) * 0.9 };
  });

test('every frame is in exactly one segment, also with uneven times, and every cut is a keyframe', () => {
  fc.assert(
    fc.property(anyVideo, fc.integer({ min: 1, max: 200 }), (index, segmentFrames) => {
      const plan = planDeep(index, segmentFrames);
      for (const [n, segment] of plan.entries()) {
        expect(segment.n).toBe(n);
        const inside = index.timestamps_s.filter((time) => time >= segment.start_s && time < segment.end_s);
        expect(inside).toHaveLength(segment.frames);
        expect(segment.frames).toBeGreaterThan(0);
        if (n > 0) expect(index.keyframes_s).toContain(segment.start_s);
        if (n > 0) expect(plan[n - 1]?.end_s).toBe(segment.start_s);
      }
      expect(plan.reduce((sum, { frames }) => sum + frames, 0)).toBe(index.timestamps_s.length);
      expect(planDeep(structuredClone(index), segmentFrames)).toEqual(plan);
    }),
    { numRuns: 150 },
  );
});
