import { expect, test } from '@jest/globals';
import { createWatcher } from '../../../../src/kinds/camera/analysis/create-watcher.ts';
import type { WatchChange, Watcher, WatchSettings } from '../../../../src/kinds/camera/analysis/watch.ts';
import type { DetectedObject } from '../../../../src/kinds/camera/events/event.ts';
import { boxOf, type DrawnThing, drawFrame } from '../../../support/camera/drawn-frames.ts';

const settings: WatchSettings = { motionMasks: [], maxDuration: 600 };
const RATE = 10;

/** What stands where at a time. */
type Scene = (time_s: number) => DrawnThing[];

interface Watched {
  changes: WatchChange[];
  looks: number[];
  pictures: number[];
}

/** Plays a scene from one time to another; the object model sees what `objects` says. */
function play(
  watcher: Watcher,
  [from_s, to_s]: readonly [number, number],
  scene: Scene,
  objects: (time_s: number) => DetectedObject[] = () => [],
  watched: Watched = { changes: [], looks: [], pictures: [] },
): Watched {
  for (let n = Math.round(from_s * RATE); n < to_s * RATE; n++) {
    const time_s = n / RATE;
    const step = watcher.push(drawFrame(n, scene(time_s)), time_s);
    watched.changes.push(...step.changes);
    if (!step.wantsObjects) continue;
    watched.looks.push(time_s);
    const answer = watcher.answer(objects(time_s));
    watched.changes.push(...answer.changes);
    if (answer.isPicture) watched.pictures.push(time_s);
  }
  return watched;
}

/** Comes in from the left at 6 s, stands in the middle from 8 s to 14 s, and goes out to the right until 16 s. */
const visitor: Scene = (time_s) => {
  const along = Math.max(0, Math.min(1, (time_s - 6) / 2)) + Math.max(0, Math.min(1, (time_s - 14) / 2));
  return time_s < 6 || time_s >= 16 ? [] : [{ x: -24 + along * 108, y: 40, side: 24 }];
};
const asPerson =
  (scene: Scene, confidence = 0.7) =>
  (time_s: number) =>
    scene(time_s).map((thing) => ({ label: 'person', confidence, box: boxOf(thing) }));
const closed = ({ changes }: Watched) => changes.filter((change) => change.change === 'closed');

test('somebody who comes, stands still and goes is one event, held by the object model', () => {
  const watcher = createWatcher(settings);
  const watched = play(watcher, [0, 20], visitor, asPerson(visitor));
  expect(watched.changes.filter(({ change }) => change !== 'updated').map(({ change }) => change)).toEqual([
    'opened',
    'closed',
  ]);
  const [end] = closed(watched);
  expect(end).toMatchObject({ reason: 'ended', event: { continues_s: null } });
  expect(end?.event.start_s).toBeGreaterThanOrEqual(6);
  expect(end?.event.start_s).toBeLessThan(6.5);
  expect(end?.end_s).toBeGreaterThan(15.5);
  expect(end?.end_s).toBeLessThan(16.4);
  expect(end?.event.detected_objects).toEqual([
    expect.objectContaining({ label: 'person', confidence: 0.7 }),
  ]);
  const { picture_s, start_s } = end?.event ?? { picture_s: Number.NaN, start_s: Number.NaN };
  expect(watched.pictures).toContain(picture_s);
  expect(picture_s).toBeGreaterThanOrEqual(start_s);
  expect(picture_s).toBeLessThanOrEqual(end?.end_s as number);
  expect(watcher.openEvent).toBeNull();
});

test('somebody who stands still is looked at every 2 s, what moves about once a second at most', () => {
  const { looks } = play(createWatcher(settings), [0, 20], visitor, asPerson(visitor));
  const still = looks.filter((time_s) => time_s > 8.5 && time_s < 14);
  expect(still.length).toBeGreaterThanOrEqual(2);
  expect(still.length).toBeLessThanOrEqual(4);
  const moving = looks.filter((time_s) => time_s <= 8);
  expect(moving.every((time_s, n) => n === 0 || time_s - (moving[n - 1] as number) >= 0.99)).toBe(true);
});

test('a thing put down ends its event, belongs to the background, and is an event again when it is taken away', () => {
  const thing: Scene = (time_s) => {
    const there = { x: 80, y: 40, side: 20 };
    if (time_s < 6) return [];
    if (time_s < 8) return [{ ...there, x: -20 + (time_s - 6) * 50 }];
    if (time_s < 20) return [there];
    return time_s < 22 ? [{ ...there, x: 80 + (time_s - 20) * 60 }] : [];
  };
  const watched = play(createWatcher(settings), [0, 30], thing);
  expect(closed(watched)).toHaveLength(2);
  const [down, away] = closed(watched);
  expect(down?.end_s).toBeLessThan(8.5);
  expect(away?.event.start_s).toBeGreaterThanOrEqual(20);
});

test('a person or an animal holds an event, a thing and a vehicle do not', () => {
  const stays: Scene = (time_s) =>
    time_s < 6 ? [] : [{ x: Math.min(80, -20 + (time_s - 6) * 50), y: 40, side: 20 }];
  const endOf = (label: string) => {
    const watcher = createWatcher(settings);
    const seen = (time_s: number) =>
      stays(time_s).map((thing) => ({ label, confidence: 0.8, box: boxOf(thing) }));
    return closed(play(watcher, [0, 15], stays, seen))[0]?.end_s;
  };
  for (const label of ['person', 'dog', 'giraffe']) expect([label, endOf(label)]).toEqual([label, undefined]);
  for (const label of ['car', 'bottle', 'teddy bear'])
    expect([label, (endOf(label) ?? 99) < 8.6]).toEqual([label, true]);
});

test('somebody who sat there all the time holds no event of another', () => {
  const sitter = { x: 150, y: 60, side: 30 };
  const passes: Scene = (time_s) => [
    sitter,
    ...(time_s < 6 || time_s > 9 ? [] : [{ x: -20 + (time_s - 6) * 40, y: 10, side: 20, level: 220 }]),
  ];
  const watched = play(createWatcher(settings), [0, 20], passes, () => [
    { label: 'person', confidence: 0.9, box: boxOf(sitter) },
  ]);
  expect(closed(watched)).toHaveLength(1);
  expect(closed(watched)[0]?.end_s).toBeLessThan(9.6);
  expect(closed(watched)[0]?.event.detected_objects).toEqual([]);
});

test('the first frame is never motion, nor what is there in it', () => {
  const there: Scene = () => [{ x: 60, y: 30, side: 40 }];
  expect(play(createWatcher(settings), [0, 10], there).changes).toEqual([]);
});

test('one leap of the picture, and a thing that trembles in its place, are no events', () => {
  const leaps: Scene = (time_s) => [{ x: time_s < 8 ? 60 : 64, y: 30, side: 30 }];
  expect(play(createWatcher(settings), [0, 12], leaps).changes).toEqual([]);
  const trembles: Scene = (time_s) => [{ x: 60 + (Math.round(time_s * RATE) % 2), y: 30, side: 12 }];
  expect(play(createWatcher(settings), [0, 20], trembles).changes).toEqual([]);
});

test('what lasts too long is closed and goes on in another event that says so', () => {
  const long: Scene = (time_s) => [{ x: 80 + 60 * Math.sin(time_s * 1.5), y: 40, side: 24 }];
  const watched = play(createWatcher({ ...settings, maxDuration: 5 }), [0, 18], long, asPerson(long));
  const borders = watched.changes.filter(({ change }) => change !== 'updated');
  expect(borders.map(({ change }) => change)).toEqual([
    ...['opened', 'closed', 'opened', 'closed', 'opened', 'closed', 'opened'],
  ]);
  const ends = closed(watched);
  expect(ends.map(({ reason }) => reason)).toEqual(['max_duration', 'max_duration', 'max_duration']);
  expect(ends[1]?.event.continues_s).toBe(ends[0]?.event.start_s);
  expect(ends[1]?.event.start_s).toBe(ends[0]?.end_s);
  // Each has a picture of its own, from its own time.
  for (const { event, end_s } of ends) {
    expect(watched.pictures.some((time_s) => time_s >= event.start_s && time_s <= end_s)).toBe(true);
  }
});

test('somebody who stands still too long goes on in another event, too', () => {
  const stands: Scene = (time_s) =>
    time_s < 6 ? [] : [{ x: Math.min(80, -20 + (time_s - 6) * 50), y: 40, side: 24 }];
  const watched = play(createWatcher({ ...settings, maxDuration: 6 }), [0, 20], stands, asPerson(stands));
  const [first] = closed(watched);
  expect(first).toMatchObject({ reason: 'max_duration' });
  const opened = watched.changes.filter(({ change }) => change === 'opened');
  expect(opened[1]?.event).toMatchObject({ continues_s: first?.event.start_s, start_s: first?.end_s });
  expect(watched.pictures).toContain(opened[1]?.event.start_s);
});

test('without an answer an event ends when the motion does', () => {
  const watcher = createWatcher(settings);
  const changes: WatchChange[] = [];
  for (let n = 0; n < 130; n++)
    changes.push(...watcher.push(drawFrame(n, visitor(n / RATE)), n / RATE).changes);
  const end = changes.find((change) => change.change === 'closed');
  expect(end?.end_s).toBeLessThan(8.6);
});

test('an event that is open at the end is closed with when something was seen last', () => {
  const watcher = createWatcher(settings);
  play(watcher, [0, 12], visitor, asPerson(visitor));
  const seen = watcher.openEvent?.last_s as number;
  const changes = watcher.end('signal_lost');
  expect(changes).toEqual([
    expect.objectContaining({ change: 'closed', reason: 'signal_lost', end_s: seen }),
  ]);
  expect(watcher.openEvent).toBeNull();
  expect(watcher.end('stopped')).toEqual([]);
});

test('a frame that is not later than the one before is passed over', () => {
  const watcher = createWatcher(settings);
  play(watcher, [0, 7.5], visitor, asPerson(visitor));
  const before = watcher.save();
  for (const time_s of [7.4, 7.3, 0]) {
    expect(watcher.push(drawFrame(1), time_s)).toMatchObject({ changes: [], wantsObjects: false });
  }
  expect(Buffer.compare(watcher.save(), before)).toBe(0);
});

test('motion within a mask is none, and motion beside it is', () => {
  const mask = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ] as const;
  const around: Scene = (time_s) => [{ x: 35 + 25 * Math.sin(time_s * 2), y: 40, side: 24 }];
  const masked = createWatcher({ ...settings, motionMasks: [mask] });
  expect(play(masked, [0, 10], around).changes).toEqual([]);
  expect(
    play(masked, [10, 20], (time_s) => visitor(time_s - 6)).changes.map(({ change }) => change),
  ).toContain('opened');
});

test('a picture of another size begins anew, without an event of its own', () => {
  const watcher = createWatcher(settings);
  play(watcher, [0, 5], () => []);
  const small = { width: 64, height: 36, data: new Uint8Array(64 * 36).fill(90) };
  for (let n = 50; n < 100; n++) expect(watcher.push(small, n / RATE).changes).toEqual([]);
});

test('a gap of half a minute ends an event when it was seen last', () => {
  const watcher = createWatcher(settings);
  play(watcher, [0, 7.5], visitor, asPerson(visitor));
  const { changes } = watcher.push(drawFrame(0), 60);
  expect(changes).toEqual([expect.objectContaining({ change: 'closed', end_s: 7.4, reason: 'ended' })]);
});
