import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BitMask } from '../../../../src/kinds/camera/analysis/bit-mask.ts';
import { ClusterFinder } from '../../../../src/kinds/camera/analysis/clusters.ts';

const drawn = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, pixels })),
  );

function maskOf({ width, height, pixels }: { width: number; height: number; pixels: boolean[] }): BitMask {
  const mask = new BitMask(width, height);
  for (const [at, isSet] of pixels.entries()) if (isSet) mask.set(at % width, Math.floor(at / width));
  return mask;
}

function pixelsOf(mask: BitMask): boolean[] {
  return Array.from({ length: mask.width * mask.height }, (_, at) =>
    mask.has(at % mask.width, Math.floor(at / mask.width)),
  );
}

test('eroded and dilated masks are what looking at each pixel and its neighbours gives, at every width', () => {
  fc.assert(
    fc.property(drawn, ({ width, height, pixels }) => {
      const from = maskOf({ width, height, pixels });
      const [eroded, dilated, scratch] = [0, 1, 2].map(() => new BitMask(width, height)) as [
        BitMask,
        BitMask,
        BitMask,
      ];
      eroded.erodedOf(from, scratch);
      dilated.dilatedOf(from, scratch);
      const around = (at: number) =>
        [-1, 0, 1].flatMap((dy) =>
          [-1, 0, 1].flatMap((dx) => {
            const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
            return x < 0 || y < 0 || x >= width || y >= height ? [] : [pixels[y * width + x] as boolean];
          }),
        );
      expect(pixelsOf(eroded)).toEqual(pixels.map((_, at) => around(at).every(Boolean)));
      expect(pixelsOf(dilated)).toEqual(pixels.map((_, at) => around(at).some(Boolean)));
      expect(from.count()).toBe(pixels.filter(Boolean).length);
      expect(dilated.count()).toBe(pixelsOf(dilated).filter(Boolean).length);
    }),
  );
});

test('what lies close together is one cluster, with its share, its box and its middle', () => {
  const mask = new BitMask(96, 64);
  const square = (left: number, top: number, side: number) => {
    for (let y = top; y < top + side; y++) for (let x = left; x < left + side; x++) mask.set(x, y);
  };
  square(8, 8, 8);
  square(24, 8, 8);
  square(80, 40, 16);
  square(3, 60, 2);
  const clusters = new ClusterFinder(mask).find(mask, 0.001, () => true);
  expect(clusters.map(({ share }) => share * 96 * 64)).toEqual([256, 128]);
  expect(clusters[0]?.box).toEqual({ x: 80 / 96, y: 40 / 64, width: 1 - 80 / 96, height: 16 / 64 });
  expect(clusters[1]?.x).toBeCloseTo(20 / 96);
  expect(clusters[1]?.y).toBeCloseTo(12 / 64);
  const right = new ClusterFinder(mask).find(mask, 0.001, (left) => left >= 24);
  expect(right.map(({ share }) => share * 96 * 64)).toEqual([256, 64]);
});
