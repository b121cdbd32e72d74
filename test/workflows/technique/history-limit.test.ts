import { expect, test } from '@jest/globals';
import { assertHistoryHolds, segmentsAllowed } from '../../../src/workflows/technique/history-limit.ts';

test('an hour at 30 frames a second may be cut into segments of 60', () => {
  assertHistoryHolds((3600 * 30) / 60, 'squats.mp4');
  expect(segmentsAllowed).toBe(2800);
});

test('more segments than a history holds are refused, and the variable to change is named', () => {
  expect(() => assertHistoryHolds(segmentsAllowed + 1, 'squats.mp4')).toThrow(
    /squats.mp4 .* 2801 .*DOUBLETAKE_SEGMENT_FRAMES/,
  );
});
