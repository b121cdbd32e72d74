import { expect, test } from '@jest/globals';
import { step } from '../../stack/bootstrap/progress.mjs';

test.each<[string, () => Promise<void>, string]>([
  ['done', async () => {}, '✓ Servers (0 s)\n'],
  ['failed', () => Promise.reject(new Error('no port')), '✗ Servers (0 s)\n'],
  ['interrupted', () => Promise.reject(AbortSignal.abort().reason), '■ Servers stopped (0 s)\n'],
])('a step says how it ended: %s', async (_, work, last) => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (line: string) => lines.push(line) > 0 };
  await step('Servers', work, { stream: stream as never }).catch(() => {});
  expect(lines).toEqual(['  Servers …\n', last]);
});
