import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sizeOf, voxelCount } from '../../../../../src/kinds/mri/analysis/grid/box.ts';
import { planBlocks } from '../../../../../src/kinds/mri/analysis/models/blocks.ts';
import { CHILD_MIB, neededMiB, voxelsAtOnce } from '../../../../../src/kinds/mri/analysis/models/memory.ts';
import { scaleOf } from '../../../../../src/kinds/mri/analysis/models/normalise.ts';

test('a volume smaller than the cube that the models learned from counts as lying in it, with nothing around', () => {
  // Each of 200 values 5,000 times.
  const values = new Float32Array(1_000_000);
  for (let grey = 1; grey <= 200; grey++) values.fill(grey, 5000 * (grey - 1), 5000 * grey);
  expect(scaleOf(values, { low_quantile: 0, high_quantile: 1 })).toEqual({ low: 0, range: 200 });
  // A twentieth of the cube is 838,861 voxels, so all of 34 to 200 are brighter than its 95th percentile.
  expect(scaleOf(values, { low_quantile: 0.05, high_quantile: 0.95 })).toEqual({ low: 0, range: 33 });
});

test('an empty volume has a scale', () => {
  expect(scaleOf(new Float32Array(8), { low_quantile: 0, high_quantile: 1 })).toEqual({ low: 0, range: 1 });
});

test('blocks cover a volume once, none is too large, and one is enough where it fits', () => {
  const length = fc.integer({ min: 1, max: 90 });
  fc.assert(
    fc.property(
      fc.tuple(length, length, length),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 9000, max: 90_000 }),
      (dimensions, margin, most) => {
        const blocks = planBlocks(dimensions, margin, most);
        expect(blocks.reduce((sum, { core }) => sum + voxelCount(sizeOf(core)), 0)).toBe(
          voxelCount(dimensions),
        );
        const hasMargin = blocks.every(({ core, seen }) =>
          dimensions.every(
            (length, axis) =>
              seen.from[axis] === Math.max(0, (core.from[axis] as number) - margin) &&
              seen.to[axis] === Math.min(length, (core.to[axis] as number) + margin),
          ),
        );
        expect(hasMargin).toBe(true);
        const largest = Math.max(...blocks.map(({ seen }) => voxelCount(sizeOf(seen))));
        if (voxelCount(dimensions) <= most) expect(blocks).toHaveLength(1);
        // 21 voxels a side always fit: a core of 3 with the widest margin around.
        else if (most >= 21 ** 3) expect(largest).toBeLessThanOrEqual(most);
      },
    ),
    { seed: 15, numRuns: 40 },
  );
});

test('where the margins alone are too much, blocks are as small as they can be', () => {
  const blocks = planBlocks([200, 200, 200], 46, 1000);
  const largest = Math.max(...blocks.map(({ seen }) => voxelCount(sizeOf(seen))));
  expect(largest).toBeLessThan(115 ** 3);
});

test('a run is planned within the memory of a child, and what it needs is known before it begins', () => {
  const fieldOfView = [180, 256, 256] as const;
  const head = [157, 168, 205] as const;
  expect(voxelsAtOnce(fieldOfView, 244)).toBeGreaterThan(voxelCount(head));
  expect(neededMiB(fieldOfView, head, 244)).toBeLessThan(CHILD_MIB);
  // A head that is larger than one run may be is looked at in blocks, so that it needs no more than there is.
  expect(neededMiB([256, 256, 256], [250, 250, 250], 244)).toBeLessThanOrEqual(CHILD_MIB);
  expect(voxelsAtOnce([464, 464, 464], 244)).toBeGreaterThan(100 ** 3);
});
