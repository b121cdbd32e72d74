import { expect, test } from '@jest/globals';
import type { WatchedEvent } from '../../../../src/kinds/camera/analysis/watch.ts';
import { LiveEvents } from '../../../../src/kinds/camera/child/live/live-events.ts';
import type { LiveEventChange } from '../../../../src/kinds/camera/live/live-change.ts';
import { WallClock } from '../../../../src/kinds/camera/live/wall-clock.ts';

const noon = Date.UTC(2026, 5, 1, 12);

const event = (start_s: number, last_s: number, continues_s: number | null = null): WatchedEvent => ({
  start_s,
  last_s,
  motion_confidence: 0.9,
  motion_box: { x: 0, y: 0, width: 1, height: 1 },
  detected_objects: [],
  picture_s: start_s,
  continues_s,
  log: {},
});

function open() {
  const told: LiveEventChange[] = [];
  const clock = new WallClock({ before: 60_000, after: 60_000 });
  clock.see({ at_s: 0, arrived_ms: noon, said_ms: null });
  const clips: { start_s: number; end_s: number }[] = [];
  const events = new LiveEvents({
    prefix: 'p',
    clock,
    tell: (change) => told.push(structuredClone(change)),
    openClip: () => ({
      clip: {
        finish(span) {
          clips.push(span);
          return { path: 'clip.mp4', from_s: 3, to_s: 3 + span.end_s - span.start_s };
        },
      },
    }),
  });
  return {
    told,
    clock,
    clips,
    events,
    words: () => told.map(({ change, event }) => `${change} ${event.key}`),
  };
}

test('an event is told of when it opens, now and then, and when the video after it is there', () => {
  const { events, told, words, clips } = open();
  events.mark('a', 0);
  events.mark('b', 10);
  events.take({ change: 'opened', event: event(12, 12.2) });
  for (let at = 12.3; at < 17; at += 0.1) events.take({ change: 'updated', event: event(12, at) });
  events.take({ change: 'closed', event: event(12, 17), end_s: 17, reason: 'ended' });
  events.upTo(19.9);
  expect(words()).toEqual(['opened p/1', 'updated p/1', 'updated p/1']);
  events.upTo(20);
  expect(words().at(-1)).toBe('closed p/1');
  expect(clips).toEqual([{ start_s: 12, end_s: 17 }]);
  expect(told.at(-1)).toMatchObject({
    ended_at: '2026-06-01T12:00:17.000Z',
    event: { source: 'b', media_start_s: 2, started_at: '2026-06-01T12:00:12.000Z', time_source: 'arrival' },
  });
});

test('an event that goes on in another is named by it, and both get what comes after the first', () => {
  const { events, told, words } = open();
  events.mark('a', 0);
  events.take({ change: 'opened', event: event(1, 1) });
  events.take({ change: 'closed', event: event(1, 601), end_s: 601, reason: 'max_duration' });
  events.take({ change: 'opened', event: event(601, 601, 1) });
  events.take({ change: 'closed', event: event(601, 602, 1), end_s: 602, reason: 'ended' });
  events.finish();
  expect(words()).toEqual(['opened p/1', 'opened p/2', 'closed p/1', 'closed p/2']);
  expect(told.map(({ event }) => event.continues)).toEqual([null, 'p/1', null, 'p/1']);
});

test('what is known of the clock later moves no event that is open', () => {
  const { events, told, clock } = open();
  events.mark('a', 0);
  events.take({ change: 'opened', event: event(1, 1) });
  clock.see({ at_s: 2, arrived_ms: noon + 2000, said_ms: noon - 50_000 });
  events.take({ change: 'closed', event: event(1, 5), end_s: 5, reason: 'signal_lost' });
  events.finish();
  expect(told.at(-1)).toMatchObject({
    ended_at: '2026-06-01T12:00:05.000Z',
    event: { time_source: 'arrival' },
  });
});

test('a picture is told of as soon as there is one', () => {
  const { events, told } = open();
  events.mark('a', 0);
  events.take({ change: 'opened', event: event(1, 1) });
  expect(events.wants(event(1, 1.1))).toBe('picture');
  events.take({ change: 'updated', event: event(1, 1.1) }, '1.jpg');
  expect(events.wants(event(1, 1.2))).toBeNull();
  expect(events.wants(event(1, 3.2))).toBe('update');
  expect(told.at(-1)).toMatchObject({ change: 'updated', picture: '1.jpg' });
});
