import { expect, test } from '@jest/globals';
import {
  checkChanges,
  checkNew,
  checkOfBox,
} from '../../../../../src/kinds/camera/events/checks/given-event.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const box = { x: 0, y: 0.1, width: 0.5, height: 1 };
const least = { event_id: 'e', camera_id: 'yard', timestamp: '2026-01-01T12:00:00+02:00' };
const full = {
  ...least,
  motion_confidence: 0.5,
  detected_objects: [{ label: 'person', confidence: 1, box }],
  llm_description: 'Somebody came.',
  image_path: 'cameras/a/e.jpg',
  json_log_path: 'cameras/a/e.json',
  started_at: '2026-01-01T10:00:00Z',
  ended_at: '2026-01-01T10:00:05.5Z',
  zones: ['drive', 'gate'],
  continues: 'd',
  end_reason: 'ended',
  time_source: 'box',
  job_id: null,
  reviewed_by: 'anna',
  reviewed_at: '2026-01-01T11:00:00Z',
  keep: true,
  false_positive: true,
  created_at: '2026-01-01T10:00:06Z',
  updated_at: '2026-01-01T11:00:00Z',
};

const check = (value: unknown) => checkOfBox(value, 'anna', now);
const eventOf = (value: unknown) => {
  const checked = check(value);
  if (!('event' in checked)) throw new Error(checked.reason);
  return checked.event;
};

test('the JSON of an event is taken whole, its times in UTC with milliseconds', () => {
  const { owner, clip, described_by, last_seen_at, ...json } = eventOf(full);
  expect({ owner, clip, described_by, last_seen_at }).toEqual({
    owner: 'anna',
    clip: null,
    described_by: null,
    last_seen_at: null,
  });
  expect(json).toEqual({
    ...full,
    timestamp: '2026-01-01T10:00:00.000Z',
    started_at: '2026-01-01T10:00:00.000Z',
    ended_at: '2026-01-01T10:00:05.500Z',
    reviewed_at: '2026-01-01T11:00:00.000Z',
    created_at: '2026-01-01T10:00:06.000Z',
    updated_at: '2026-01-01T11:00:00.000Z',
  });
});

test('three fields are enough; null is the same as left out', () => {
  const event = eventOf(least);
  expect(event).toMatchObject({
    started_at: '2026-01-01T10:00:00.000Z',
    time_source: 'box',
    detected_objects: [],
    zones: [],
    keep: false,
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
  });
  const nothing = Object.fromEntries(
    Object.keys(full)
      .filter((field) => !(field in least))
      .map((field) => [field, null]),
  );
  expect(eventOf({ ...nothing, ...least })).toEqual(event);
  expect(eventOf({ ...nothing, ...least, timestamp: null, started_at: least.timestamp })).toEqual(event);
});

test.each([
  [null, 'expected object'],
  [[], 'expected object'],
  [{ ...least, event_id: undefined }, '`event_id` is missing'],
  [{ ...least, camera_id: undefined }, '`camera_id` is missing'],
  [{ ...least, timestamp: undefined }, '`timestamp` is missing'],
  [{ ...least, event_id: 'summary' }, '`event_id` is a word that addresses'],
  [{ ...least, event_id: 'a b' }, '`event_id` has 1 to 128 letters'],
  [{ ...least, event_id: 'x'.repeat(129) }, '`event_id` has 1 to 128 letters'],
  [{ ...least, colour: 'red' }, '`colour` is not a field that is known here'],
  [{ ...least, clip: { key: 'k', from_s: 0, to_s: 1 } }, '`clip` is not a field that is known here'],
  [{ ...least, owner: 'ben' }, '`owner` is not a field that is known here'],
  [{ ...least, job_id: 'j' }, '`job_id` is null for an event of a box'],
  [{ ...least, timestamp: '2026-01-01T12:00:00' }, '`timestamp` is not a time with its offset'],
  [{ ...least, timestamp: '2026-02-30T12:00:00Z' }, '`timestamp` is not a time with its offset'],
  [{ ...least, timestamp: '0000-01-01T12:00:00Z' }, '`timestamp` is not in a year from 1 to 9999'],
  [{ ...least, timestamp: 1_700_000_000 }, '`timestamp`'],
  [{ ...full, started_at: '2026-01-01T10:00:01Z' }, '`timestamp` and `started_at` differ'],
  [{ ...full, ended_at: '2026-01-01T09:59:59Z' }, '`ended_at` is before the start'],
  [{ ...least, motion_confidence: 1.1 }, '`motion_confidence` is not from 0 to 1'],
  [{ ...least, motion_confidence: Number.NaN }, '`motion_confidence` is not a number'],
  [{ ...least, motion_confidence: '0.5' }, '`motion_confidence` is not a number'],
  [{ ...least, keep: 'yes' }, '`keep` is neither true nor false'],
  [{ ...least, time_source: 'sundial' }, '`time_source`'],
  [{ ...least, zones: [''] }, '`zones.0` is empty'],
  [{ ...least, zones: Array(101).fill('a') }, '`zones` has more than 100 zones'],
  [
    { ...least, detected_objects: [{ label: 'a', confidence: 0.5, box: { ...box, x: 2 } }] },
    '`detected_objects.0.box.x` is not from 0 to 1',
  ],
  [
    { ...least, detected_objects: [{ label: 'a', confidence: 0.5, box, id: 7 }] },
    '`detected_objects.0.id` is not a field',
  ],
  [{ ...least, llm_description: 'a\0b' }, '`llm_description` has what cannot be kept: a NUL'],
  [{ ...least, llm_description: 'a\ud800b' }, '`llm_description` has what cannot be kept'],
  [{ ...least, zones: ['\udfff'] }, '`zones.0` has what cannot be kept'],
  [{ ...least, llm_description: 'x'.repeat(10_001) }, '`llm_description` has more than 10,000 characters'],
  [{ ...least, image_path: 'é'.repeat(513) }, '`image_path` has more than 1,024 bytes'],
  [{ ...least, 'a\0\ud800': 1 }, '`a\uFFFD\uFFFD` is not a field'],
])('%j is refused: %s', (value, reason) => {
  const checked = check(value);
  expect('reason' in checked && checked.reason).toContain(reason);
});

test('a zero has no sign', () => {
  expect(Object.is(eventOf({ ...least, motion_confidence: -0 }).motion_confidence, 0)).toBe(true);
});

test("an event of a job says whose words describe it: a machine's unless told", () => {
  const { timestamp, ...start } = { ...least, started_at: least.timestamp };
  const given = { ...start, time_source: 'upload' as const, job_id: 'j', llm_description: 'A cat.' };
  expect(checkNew(given, 'anna', now).described_by).toBe('machine');
  expect(checkNew({ ...given, described_by: 'model' }, 'anna', now).described_by).toBe('model');
  expect(checkNew({ ...given, llm_description: null }, 'anna', now).described_by).toBeNull();
  const wrong = { ...given, llm_description: 'a\0' };
  expect(() => checkNew(wrong, 'anna', now)).toThrow('The event cannot be kept: `llm_description` has');
});

test('what an open event may learn is checked by the same rules', () => {
  expect(checkChanges({ zones: ['a'], ended_at: '2026-01-01T10:00:00Z' })).toEqual({
    zones: ['a'],
    ended_at: '2026-01-01T10:00:00.000Z',
  });
  expect(checkChanges({ image_path: undefined } as never)).toEqual({});
  expect(() => checkChanges({ started_at: '2026-01-01T10:00:00Z' } as never)).toThrow(
    '`started_at` is not a field',
  );
  expect(() => checkChanges({ motion_confidence: 2 })).toThrow('not from 0 to 1');
});
