import { expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../../../../../src/kinds/camera/events/cursor.ts';

const position = { started_at: '2026-10-25T00:30:00.123Z', event_id: 'a:b.c-1' };
const written = (fields: unknown) => Buffer.from(JSON.stringify(fields)).toString('base64url');

test('a cursor is read as it was written', () => {
  expect(decodeCursor(encodeCursor(position))).toEqual(position);
});

test.each([
  '',
  'x',
  written(null),
  written(['2026-10-25T00:30:00.123Z']),
  written(['2026-10-25', 'a']),
  written(['2026-02-31T00:30:00.123Z', 'a']),
  written(['0000-02-01T00:30:00.123Z', 'a']),
  written(['2026-10-25T00:30:00.123Z', "a'; --"]),
  written(['2026-10-25T00:30:00.123Z', 'a', 'b']),
  `${encodeCursor(position)}=`,
])('%j is a cursor that no list gave out', (cursor) => {
  expect(() => decodeCursor(cursor)).toThrow('is not one that a list answered');
});
