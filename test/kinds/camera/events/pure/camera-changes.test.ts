import { expect, test } from '@jest/globals';
import {
  checkCamera,
  checkCameraId,
  isTimeZone,
} from '../../../../../src/kinds/camera/events/checks/camera-changes.ts';

const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
] as const;

test('what a camera can be', () => {
  const camera = {
    name: 'Yard',
    time_zone: 'Europe/Berlin',
    zones: [{ name: 'gate', polygon }],
    masks: [{ purpose: 'privacy' as const, polygon }],
    retention_days: null,
  };
  expect(checkCamera(camera)).toEqual(camera);
  expect(checkCamera({ name: undefined } as never)).toEqual({});
});

test.each([
  [{ time_zone: 'Mars/Olympus' }, '`time_zone` is not a time zone'],
  [{ time_zone: '+02:00' }, '`time_zone` is not a time zone'],
  [
    { zones: [{ name: 'gate', polygon: polygon.slice(0, 2) }] },
    '`zones.0.polygon` has fewer than three corners',
  ],
  [
    { zones: [{ name: 'gate', polygon: [...polygon, [1.5, 0]] }] },
    '`zones.0.polygon.3.0` is not from 0 to 1',
  ],
  [
    {
      zones: [
        { name: 'gate', polygon },
        { name: 'gate', polygon },
      ],
    },
    '`zones` has two of one name',
  ],
  [{ masks: [{ purpose: 'art', polygon }] }, '`masks.0.purpose` is neither motion nor privacy'],
  [{ retention_days: 0 }, '`retention_days` is not from 1'],
  [{ retention_days: 1.5 }, '`retention_days` is not a whole number'],
  [{ name: 'a\0' }, '`name` has what cannot be kept'],
  [{ version: 3 }, '`version` is not a field'],
])('%j is refused: %s', (changes, reason) => {
  expect(() => checkCamera(changes as never)).toThrow(reason);
});

test('ids and time zones', () => {
  expect(checkCameraId('yard')).toBe('yard');
  expect(() => checkCameraId('a/b')).toThrow('`camera_id` has 1 to 128 letters');
  expect(() => checkCameraId('stream')).toThrow('choose another');
  expect(isTimeZone('America/St_Johns')).toBe(true);
});
