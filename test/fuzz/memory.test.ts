import { expect, test } from '@jest/globals';
import { keptMemory } from '../../fuzz/parsers/memory.ts';

test('memory that is kept is found, here and in a child; slack and a child within its bound are not', () => {
  const before = { own: 60, largestChild: 200 };
  expect(keptMemory(before, { own: 80, largestChild: 256 }, 256)).toEqual([]);
  const found = keptMemory(before, { own: 160, largestChild: 300 }, 256);
  expect(found).toHaveLength(2);
  expect(found.join()).toMatch(/60 MiB, then 160.*300 MiB/s);
});
