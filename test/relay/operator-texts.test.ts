import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { staticSummary } from '../../src/relay/operator-texts.ts';

test('a summary says kind, file and user', () => {
  expect(staticSummary({ kind: 'technique', user_id: 'coach-7' }, 'squats.mp4')).toBe(
    'technique · squats.mp4 · coach-7',
  );
});

test('no name makes it longer than Temporal takes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      (user_id, name) => {
        expect(Buffer.byteLength(staticSummary({ kind: 'technique', user_id }, name))).toBeLessThanOrEqual(
          200,
        );
      },
    ),
  );
});
