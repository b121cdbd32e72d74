import { expect, test } from '@jest/globals';
import { measurement, measurementOptions } from '../../../src/domain/kinds/measurement.ts';

test('told nothing, a marker of DICT_5X5_50 and 50 mm is looked for, and a person asked under 0.70', () => {
  expect(measurementOptions.parse({})).toEqual({
    reference: { kind: 'aruco', dictionary: 'DICT_5X5_50', size_mm: 50 },
    min_confidence: 0.7,
    assist_within_hours: 48,
  });
});

test.each([
  { reference: { kind: 'ruler' } },
  { reference: { kind: 'aruco', size_mm: 0 } },
  { reference: { kind: 'aruco', dictionary: 'DICT_9X9' } },
  { reference: { kind: 'coin' } },
  { reference: { kind: 'card', size_mm: 50 } },
  { min_confidence: 0.69 },
  { min_confidence: 1.01 },
  { assist_within_hours: 0 },
  { unknown: true },
])('%j is refused', (options) => {
  expect(measurementOptions.safeParse(options).success).toBe(false);
});

test('the gate may be stricter', () => {
  expect(measurementOptions.parse({ min_confidence: 0.9 }).min_confidence).toBe(0.9);
});

test('a low score waits for a person; it neither fails nor completes by itself', () => {
  expect(measurement.statuses.processing?.to).toContain('needs_assist');
  expect(measurement.statuses.needs_assist?.to).toEqual(['completed', 'failed', 'canceled']);
  expect(measurement.statuses.needs_assist?.phase).toBe('waiting');
  for (const end of ['completed', 'failed', 'canceled']) expect(measurement.statuses[end]?.to).toEqual([]);
});
