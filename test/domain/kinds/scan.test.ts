import { expect, test } from '@jest/globals';
import { phaseOf, promisesOf } from '../../../src/domain/kind.ts';
import { scan } from '../../../src/domain/kinds/scan.ts';

test('every pair of status and phase', () => {
  const pairs = Object.keys(scan.statuses).map((status) => `${status}: ${phaseOf(scan, status)}`);
  expect(pairs).toEqual([
    'queued: queued',
    'processing: running',
    'completed: succeeded',
    'failed: failed',
    'canceled: canceled',
  ]);
});

test('a completed job promises its row and its object', () => {
  expect(promisesOf(scan, scan.options.parse({}))).toEqual([
    { name: 'counts', fields: ['counts'], objects: ['counting/counts.json'] },
  ]);
});
