import { expect, test } from '@jest/globals';
import { allowedFrom, phaseOf, takes } from '../../../src/domain/kind.ts';
import { scan } from '../../../src/domain/kinds/scan.ts';

test('every pair of status and phase', () => {
  const pairs = Object.keys(scan.statuses).map((status) => `${status}: ${phaseOf(scan, status)}`);
  expect(pairs).toEqual([
    'queued: queued',
    'scanning: running',
    'done: succeeded',
    'failed: failed',
    'canceled: canceled',
  ]);
});

test('done follows scanning only', () => {
  expect(allowedFrom(scan, 'done')).toEqual(['scanning']);
});

test('it takes every file, an empty one too', () => {
  expect(takes(scan, 'application/octet-stream')).toBe(true);
  expect(scan.takesEmptyFiles).toBe(true);
});

test('options', () => {
  expect(scan.options.parse({})).toEqual({ ignore_cache: false });
  expect(scan.options.safeParse({ ignore_cache: 'yes' }).success).toBe(false);
});
