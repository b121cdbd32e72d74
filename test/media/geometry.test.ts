import { expect, test } from '@jest/globals';
import { geometryOf } from '../../src/media/video/geometry.ts';

function matrix(a: number, b: number, c: number, d: number): Buffer {
  const cells = [a, b, 0, c, d, 0, 0, 0, 16384];
  const bytes = Buffer.alloc(36);
  for (const [n, cell] of cells.entries()) bytes.writeInt32LE(Math.round(cell * 65536), n * 4);
  return bytes;
}

test.each([
  ['none', null, 0, false, false, false],
  ['upright', matrix(1, 0, 0, 1), 0, false, false, false],
  ['a quarter clockwise', matrix(0, 1, -1, 0), 90, true, false, true],
  ['upside down', matrix(-1, 0, 0, -1), 180, false, true, true],
  ['a quarter counter-clockwise', matrix(0, -1, 1, 0), 270, true, true, false],
  ['mirrored, as a front camera does', matrix(-1, 0, 0, 1), 0, false, true, false],
  ['slightly off', matrix(0.999, 0.03, -0.03, 0.999), 0, false, false, false],
  ['singular, which means nothing', matrix(0, 0, 0, 0), 0, false, false, false],
])('a display matrix that is %s', (_what, bytes, rotation_deg, transposed, flip_x, flip_y) => {
  const geometry = geometryOf(1920, 1080, 1, bytes);
  expect(geometry).toMatchObject({ rotation_deg, transposed, flip_x, flip_y });
  expect([geometry.width, geometry.height]).toEqual(transposed ? [1080, 1920] : [1920, 1080]);
});

test('the shape of pixels stretches the width of the coded picture, then it is turned', () => {
  expect(geometryOf(720, 576, 64 / 45, null)).toMatchObject({ width: 1024, height: 576 });
  expect(geometryOf(720, 576, 64 / 45, matrix(0, 1, -1, 0))).toMatchObject({ width: 576, height: 1024 });
});
