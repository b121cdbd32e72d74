import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathPart, shortName, shortReason } from '../../../../src/kinds/scan/analysis/short-text.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

test('a name keeps its beginning and its end, in whole characters and at most 1 KiB', () => {
  expect(shortName('invoice.pdf')).toBe('invoice.pdf');
  expect(shortName('ü'.repeat(512))).toBe('ü'.repeat(512));
  expect(shortName(`../${'n'.repeat(65_000)}.exe`)).toMatch(/^\.\.\/n+…n+\.exe$/);
  const any = fc.string({
    unit: fc.constantFrom('a', 'ü', '€', '😀', '\ud83d', '\ufeff', '\0'),
    maxLength: 3000,
  });
  fc.assert(
    fc.property(any, (name) => {
      const short = shortName(name);
      expect(bytesOf(short)).toBeLessThanOrEqual(1024);
      expect(short.isWellFormed()).toBe(true);
      if (bytesOf(name) <= 1024) expect(short).toBe(name.toWellFormed());
      else
        expect(short.includes('…') && name.toWellFormed().endsWith(short.split('…')[1] as string)).toBe(true);
    }),
  );
});

test('a part of a path has nothing that turns or ends a line; a reason is at most 500 characters', () => {
  expect(pathPart('a\u202eb\nc')).toBe('a\ufffdb\ufffdc');
  expect(bytesOf(pathPart('\0'.repeat(5000)))).toBeLessThanOrEqual(512);
  expect(shortReason('short')).toBe('short');
  expect(shortReason('😀'.repeat(400))).toHaveLength(500);
});
