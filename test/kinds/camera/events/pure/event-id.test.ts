import { expect, test } from '@jest/globals';
import { eventId } from '../../../../../src/kinds/camera/events/event-id.ts';

const at = new Date('2026-10-25T00:30:00.123Z');
const origin = { camera_id: 'yard', source: 'a'.repeat(64), media_ms: 5000 };

test('an id is a UUIDv8 that begins with its start in milliseconds', () => {
  const id = eventId(at, origin);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at.getTime());
  // What was given out once is given out for ever: another way of making it would store every event twice.
  expect(id).toBe('01a17076-dbbb-852b-b045-37955ec8f205');
});

test('the same camera, source and time give the same id; another of any gives another', () => {
  const id = eventId(at, origin);
  expect(eventId(new Date(at), { ...origin })).toBe(id);
  const others = [
    eventId(at, { ...origin, camera_id: 'door' }),
    eventId(at, { ...origin, source: 'b'.repeat(64) }),
    eventId(at, { ...origin, media_ms: 5001 }),
    eventId(new Date(at.getTime() + 1), origin),
    // Not put together from the same letters.
    eventId(at, { ...origin, camera_id: 'yard","a', source: 'a'.repeat(63) }),
  ];
  expect(new Set([id, ...others]).size).toBe(6);
});

test('version and variant are right whatever the hash says', () => {
  for (let media_ms = 0; media_ms < 500; media_ms++)
    expect(eventId(at, { ...origin, media_ms })).toMatch(/^.{14}8.{4}[89ab]/);
});

test('a start that 48 bits do not hold is refused', () => {
  for (const wrong of [new Date(-1), new Date(2 ** 48), new Date(Number.NaN)])
    expect(() => eventId(wrong, origin)).toThrow(RangeError);
  expect(eventId(new Date(0), origin)).toMatch(/^00000000-0000-8/);
});
