import { expect, test } from '@jest/globals';
import { pixelsWithin } from '../../../../src/kinds/camera/analysis/masked-pixels.ts';

test('the pixels whose middle lies in a polygon are masked, in each polygon', () => {
  const triangle = [
    [0, 0],
    [1, 0],
    [0, 1],
  ] as const;
  const corner = [
    [0.75, 0.75],
    [1, 0.75],
    [1, 1],
    [0.75, 1],
  ] as const;
  const mask = pixelsWithin([triangle, corner], 40, 20);
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 40; x++) {
      const [u, v] = [(x + 0.5) / 40, (y + 0.5) / 20];
      const onEdge = Math.abs(u + v - 1) < 1e-9;
      if (!onEdge) expect([x, y, mask.has(x, y)]).toEqual([x, y, u + v < 1 || (u > 0.75 && v > 0.75)]);
    }
  }
});

test('no polygon masks nothing, and the whole picture can be masked', () => {
  expect(pixelsWithin([], 33, 7).count()).toBe(0);
  const all = [
    [-1, -1],
    [2, -1],
    [2, 2],
    [-1, 2],
  ] as const;
  expect(pixelsWithin([all], 33, 7).count()).toBe(33 * 7);
});
