import { expect, test } from '@jest/globals';
import { parsePoint, writePoint } from '../../../../../src/kinds/camera/events/postgres/points.ts';

test.each([
  { seen: '10:20:12,15' },
  { seen: '10:10:' },
  // Some that are in progress are listed from the first on.
  { seen: '10:20:10,19', until: '11:30:', after: ['17', 'a'] as const },
])('%j is read as it was written', (point) => {
  expect(parsePoint(writePoint(point))).toEqual(point);
});

test.each([
  '',
  '{}',
  '[]',
  '[7,"~"]',
  '["x"]',
  '["20:10:"]',
  '["0:10:"]',
  '["10:20:9"]',
  '["10:20:20"]',
  '["10:20:15,12"]',
  '["10:20:","10:20:"]',
  '["10:20:","10:20:","x","a"]',
  '["10:99999999999999999999:"]',
])('%s is a point that no stream gave out', (point) => {
  expect(() => parsePoint(point)).toThrow('not one that a stream gave out');
});
