import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createWatcher, restoreWatcher } from '../../../../src/kinds/camera/analysis/create-watcher.ts';
import type { WatchChange, Watcher } from '../../../../src/kinds/camera/analysis/watch.ts';
import { boxOf, type DrawnThing, drawFrame } from '../../../support/camera/drawn-frames.ts';

const settings = { motionMasks: [], maxDuration: 4 };
const FRAMES = 90;

interface Story {
  /** Seconds from each frame to the next. */
  step_s: number;
  /** Where things begin, and how far they get in a frame. */
  things: (DrawnThing & { dx: number; dy: number; from: number; until: number })[];
  /** The light, and when it changes. */
  light: { at: number; by: number };
  isSeen: boolean;
}

const story: fc.Arbitrary<Story> = fc.record({
  step_s: fc.constantFrom(1 / 30, 0.1, 0.4),
  things: fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: 190 }),
      y: fc.integer({ min: 0, max: 100 }),
      side: fc.integer({ min: 4, max: 40 }),
      level: fc.integer({ min: 0, max: 255 }),
      dx: fc.integer({ min: -6, max: 6 }),
      dy: fc.integer({ min: -3, max: 3 }),
      from: fc.integer({ min: 0, max: FRAMES }),
      until: fc.integer({ min: 0, max: FRAMES }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  light: fc.record({ at: fc.integer({ min: 0, max: FRAMES }), by: fc.integer({ min: -60, max: 60 }) }),
  isSeen: fc.boolean(),
});

function watch({ step_s, things, light, isSeen }: Story, between: (watcher: Watcher, n: number) => Watcher) {
  let watcher: Watcher = createWatcher(settings);
  const told: (WatchChange | { picture: number } | { sceneChange: number })[] = [];
  for (let n = 0; n < FRAMES; n++) {
    watcher = between(watcher, n);
    const there = things
      .filter(({ from, until }) => n >= from && n < until)
      .map((thing) => ({
        ...thing,
        x: thing.x + thing.dx * (n - thing.from),
        y: thing.y + thing.dy * (n - thing.from),
      }));
    const frame = drawFrame(n, there, n >= light.at ? light.by : 0);
    const time_s = n * step_s;
    const step = watcher.push(frame, time_s);
    told.push(...step.changes);
    if (step.sceneChange) told.push({ sceneChange: n });
    if (!step.wantsObjects) continue;
    const objects = there.map((thing) => ({ label: 'person', confidence: 0.7, box: boxOf(thing) }));
    const answer = watcher.answer(isSeen ? objects : []);
    told.push(...answer.changes);
    if (answer.isPicture) told.push({ picture: n });
  }
  told.push(...watcher.end('stopped'));
  return { told: JSON.parse(JSON.stringify(told)), sceneChanges: watcher.sceneChanges };
}

test('the same frames give the same changes, however often the watch was saved and restored', () => {
  let changes = 0;
  fc.assert(
    fc.property(
      story,
      fc.uniqueArray(fc.integer({ min: 0, max: FRAMES - 1 }), { minLength: 1, maxLength: 6 }),
      (told, at) => {
        const through = watch(told, (watcher) => watcher);
        changes += through.told.length;
        const again = watch(told, (watcher, n) => {
          if (!at.includes(n)) return watcher;
          const saved = watcher.save();
          const restored = restoreWatcher(saved, settings);
          expect(Buffer.compare(restored.save(), saved)).toBe(0);
          expect(restored.openEvent).toEqual(watcher.openEvent);
          return restored;
        });
        expect(again).toEqual(through);
      },
    ),
    { numRuns: 40 },
  );
  expect(changes).toBeGreaterThan(0);
});

test('a watch can be saved before its first frame, and between a look that is asked for and its answer', () => {
  const fresh = restoreWatcher(createWatcher(settings).save(), settings);
  expect(fresh.openEvent).toBeNull();
  let watcher = fresh;
  const moving = (n: number) => drawFrame(n, [{ x: n * 3 - 30, y: 40, side: 24 }]);
  for (let n = 0; n < 60; n++) {
    const { wantsObjects } = watcher.push(moving(n), n / 10);
    watcher = restoreWatcher(watcher.save(), settings);
    if (wantsObjects) expect(watcher.answer([]).isPicture).toBe(watcher.openEvent?.picture_s === n / 10);
  }
});

test('the bytes are no more after an hour than after a minute', () => {
  const sizeAfter = (frames: number) => {
    const watcher = createWatcher(settings);
    for (let n = 0; n < frames; n++) {
      const { wantsObjects } = watcher.push(drawFrame(n % 7, [{ x: (n * 5) % 190, y: 40, side: 20 }]), n);
      if (wantsObjects) watcher.answer([]);
    }
    return watcher.save().length;
  };
  expect(sizeAfter(1200)).toBeLessThan(sizeAfter(60) + 2000);
});

test('bytes of another version are refused', () => {
  const saved = createWatcher(settings).save();
  const other = Buffer.from(
    Buffer.from(saved).toString('latin1').replace('"version":1', '"version":0'),
    'latin1',
  );
  expect(() => restoreWatcher(other, settings)).toThrow('version 0');
});
