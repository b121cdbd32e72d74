import { expect, test } from '@jest/globals';
import { byHour, localHour, offsetMs } from '../../../../../src/kinds/camera/events/local-hours.ts';

const at = (time: string) => Date.parse(time);
const quarter = (time: string) => Date.parse(time) / 900_000;

test.each([
  ['Europe/Berlin', '2026-10-25T00:59:59.999Z', '2026-10-25T02:00:00+02:00'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00+01:00'],
  ['Europe/Berlin', '2026-10-25T02:00:00Z', '2026-10-25T03:00:00+01:00'],
  // In spring an hour is missing.
  ['Europe/Berlin', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00+01:00'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
  ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T01:00:00-04:00'],
  ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T01:00:00-05:00'],
  ['Asia/Kathmandu', '2026-01-01T00:20:00Z', '2026-01-01T06:00:00+05:45'],
  ['America/St_Johns', '2026-01-01T00:20:00Z', '2025-12-31T20:00:00-03:30'],
  // Half an hour comes twice.
  ['Australia/Lord_Howe', '2026-04-04T14:45:00Z', '2026-04-05T01:00:00+11:00'],
  ['Australia/Lord_Howe', '2026-04-04T15:15:00Z', '2026-04-05T01:00:00+10:30'],
  ['UTC', '1969-12-31T23:59:00Z', '1969-12-31T23:00:00+00:00'],
])('in %s, %s is in the hour %s', (zone, time, hour) => {
  expect(localHour(zone, at(time))).toBe(hour);
});

test('offsets', () => {
  expect(offsetMs('UTC', 0)).toBe(0);
  expect(offsetMs('America/St_Johns', at('2026-01-01T00:00:00Z'))).toBe(-3.5 * 3_600_000);
});

test('quarters are put together by the clocks of each camera, and the doubled hour is two', () => {
  const count = (time: string, camera_id: string, label: string | null, events: number) => ({
    quarter: quarter(time),
    camera_id,
    label,
    events,
  });
  const rows = byHour(
    [
      count('2026-10-25T01:15:00Z', 'yard', null, 1),
      count('2026-10-25T00:30:00Z', 'yard', 'person', 2),
      count('2026-10-25T01:30:00Z', 'yard', 'person', 3),
      count('2026-10-25T01:45:00Z', 'yard', 'person', 4),
      count('2026-10-25T01:45:00Z', 'door', 'cat', 5),
    ],
    (camera) => (camera === 'yard' ? 'Europe/Berlin' : 'UTC'),
  );
  expect(rows).toEqual([
    { hour: '2026-10-25T02:00:00+02:00', camera_id: 'yard', label: 'person', events: 2 },
    { hour: '2026-10-25T01:00:00+00:00', camera_id: 'door', label: 'cat', events: 5 },
    { hour: '2026-10-25T02:00:00+01:00', camera_id: 'yard', label: 'person', events: 7 },
    { hour: '2026-10-25T02:00:00+01:00', camera_id: 'yard', label: null, events: 1 },
  ]);
});
