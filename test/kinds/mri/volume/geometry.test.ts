import { describe, expect, test } from '@jest/globals';
import {
  affineOf,
  applied,
  inverse,
  matrixOf,
  minus,
  translation,
} from '../../../../src/kinds/mri/volume/geometry/affine.ts';
import { conform, conformedGrid, putBack } from '../../../../src/kinds/mri/volume/geometry/conform.ts';
import { quaternionOf } from '../../../../src/kinds/mri/volume/nifti/orientation.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import type { Affine, Grid, Volume } from '../../../../src/kinds/mri/volume/volume.ts';
import { FLOAT32, niftiFile } from '../../../support/mri/nifti-file.ts';
import { phantom } from '../../../support/mri/phantom.ts';
import { axisOrders, reordered } from '../../../support/mri/reorder.ts';

/** A part of the head, so that 48 of them take seconds; its edges have sulci, a ventricle and the gap between the halves. */
const part = (
  voxelMm: readonly [number, number, number],
  rotation: readonly [number, number, number] = [0, 0, 0],
) => phantom({ voxelMm, rotation, fieldOfViewMm: [31, 26, 22] });

const asLabels = (volume: Volume) => Uint8Array.from(volume.data);
const plain = (volume: Volume | Grid) => ({ ...volume, slope: 1, intercept: 0 });

describe.each([
  ['uneven voxels', part([1.2, 0.9, 2.2])],
  ['fine voxels', part([0.45, 0.7, 0.9])],
  ['tilted slightly', part([1.1, 1, 1.6], [8, -5, 3])],
  ['tilted strongly', part([1, 1, 1.5], [31, 20, -40])],
  ['tilted by a third of a turn', part([1.3, 1, 1], [-12, 38, 25])],
])('a head with %s', (_, head) => {
  test.each(['sform', 'qform'])(
    'in any of the 48 axis orders, told by the %s, is conformed to the same volume',
    async (form) => {
      const expected = conform(plain(head) as Parameters<typeof conform>[0]);
      for (const order of axisOrders) {
        const stored = reordered(head, order);
        const codes = form === 'sform' ? { sformCode: 1, qformCode: 0 } : { sformCode: 0, qformCode: 1 };
        const { volume } = await openScan(niftiFile(stored, FLOAT32, codes), 'head.nii');
        const { volume: conformed, low, scale } = conform(volume);
        expect(conformed.dimensions).toEqual(expected.volume.dimensions);
        expect([low, scale]).toEqual([expected.low, expected.scale]);
        // A quaternion in 32 bits is exact to some ten-millionths, which is a grey level at an edge here and there.
        const different = conformed.data.reduce(
          (sum, value, n) => sum + (value === expected.volume.data[n] ? 0 : 1),
          0,
        );
        expect(different).toBeLessThanOrEqual(form === 'sform' ? 0 : conformed.data.length * 1e-3);
        const place = translation(conformed.affine);
        for (const [axis, mm] of translation(expected.volume.affine).entries())
          expect(place[axis]).toBeCloseTo(mm, 3);
      }
    },
  );

  test('labels come back to the grid of each of the 48 as they come back to the first', () => {
    const conformed = conform(plain(head) as Parameters<typeof conform>[0]).volume;
    const labels = asLabels(conformed);
    const back = putBack(labels, head);
    for (const order of axisOrders) {
      const stored = reordered({ ...head, data: back }, order);
      expect(Buffer.compare(putBack(labels, stored), stored.data)).toBe(0);
    }
  });

  test('a voxel takes the label that lies nearest to its middle in the world', () => {
    const grid = conformedGrid(head);
    const labels = Uint8Array.from(
      { length: grid.dimensions.reduce((a, b) => a * b, 1) },
      (_, n) => (n * 7919) % 251,
    );
    const back = putBack(labels, head);
    const toLabels = inverse(matrixOf(grid.affine));
    const [nx, ny, nz] = head.dimensions;
    const [gx, gy, gz] = grid.dimensions;
    let compared = 0;
    for (let n = 0; n < back.length; n += 37) {
      const voxel = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)] as const;
      expect(voxel[2]).toBeLessThan(nz);
      const world = applied(matrixOf(head.affine), voxel).map(
        (mm, axis) => mm + (translation(head.affine)[axis] as number),
      );
      const place = applied(toLabels, minus(world as never, translation(grid.affine)));
      // What lies in the middle between two may go to either.
      if (place.some((value) => Math.abs(value - Math.floor(value) - 0.5) < 1e-3)) continue;
      const [i, j, k] = place.map(Math.round) as [number, number, number];
      const inside = i >= 0 && j >= 0 && k >= 0 && i < gx && j < gy && k < gz;
      expect(back[n]).toBe(inside ? labels[(k * gy + j) * gx + i] : 0);
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

test('at 1 mm along the axes nothing is resampled, and labels come back exactly', () => {
  const head = part([1, 1, 1]);
  for (const order of axisOrders) {
    const stored = reordered({ ...head, data: head.labels }, order);
    // The labels on the conformed grid are the labels in the models' order of axes.
    const inOrder = conform({ ...stored, slope: 1, intercept: 0 });
    const labels = Uint8Array.from(inOrder.volume.data, (value) =>
      Math.round(value / inOrder.scale + inOrder.low),
    );
    expect(Buffer.compare(putBack(labels, stored), stored.data)).toBe(0);
  }
});

test('the axes are left, down, front', () => {
  const head = part([1, 1, 1]);
  const { affine } = conformedGrid(head);
  expect(matrixOf(affine)).toEqual([
    [-1, 0, 0],
    [0, 0, 1],
    [0, -1, 0],
  ]);
});

test('a tilted grid samples the same head: labels put back on it are those of the head there', () => {
  const straight = phantom({ voxelMm: [1, 1, 1], fieldOfViewMm: [90, 90, 80] });
  for (const rotation of [
    [10, 0, 0],
    [0, -14, 6],
    [7, 9, -21],
  ] as const) {
    const tilted = phantom({ voxelMm: [1, 1, 1], rotation, fieldOfViewMm: [50, 44, 40] });
    const grid = conformedGrid(tilted);
    // The labels of the straight head on the conformed grid of the tilted one; both have their middle at the origin.
    const labels = new Uint8Array(grid.dimensions.reduce((a, b) => a * b, 1));
    const [nx, ny, nz] = grid.dimensions;
    const toStraight = inverse(matrixOf(straight.affine));
    for (let k = 0, n = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++, n++) {
          const world = applied(matrixOf(grid.affine), [i, j, k]).map(
            (mm, a) => mm + (translation(grid.affine)[a] as number),
          );
          const at = applied(toStraight, minus(world as never, translation(straight.affine))).map(Math.round);
          labels[n] = straight.labels[
            ((at[2] as number) * 90 + (at[1] as number)) * 90 + (at[0] as number)
          ] as number;
        }
      }
    }
    const back = putBack(labels, tilted);
    const same = back.reduce((sum, label, n) => sum + (label === tilted.labels[n] ? 1 : 0), 0);
    // Two roundings to the nearest voxel: labels may differ at borders only.
    expect(same / back.length).toBeGreaterThan(0.8);
  }
});

test('a sheared grid is resampled along right angles', () => {
  const { dimensions } = { dimensions: [30, 30, 30] as const };
  const affine: Affine = [
    [1, 0.3, 0, -19],
    [0, 1, 0, -15],
    [0, 0, 1, -15],
    [0, 0, 0, 1],
  ];
  // A value that says where in the world its voxel is.
  const data = new Float32Array(27_000);
  for (let n = 0; n < data.length; n++) data[n] = (n % 30) + 0.3 * (Math.floor(n / 30) % 30);
  const { volume, low, scale } = conform({ dimensions, affine, data, slope: 1, intercept: 0 });
  const [nx, ny] = volume.dimensions;
  const middle = (14 * ny + 14) * nx;
  for (let i = 12; i < nx - 12; i++) {
    const x = (volume.affine[0]?.[0] as number) * i + (volume.affine[0]?.[3] as number);
    expect((volume.data[middle + i] as number) / scale + low).toBeCloseTo(x + 19, 0);
  }
});

test('255 is where a thousandth of the signal is brighter; without a number and outside it is 0', () => {
  const data = Float32Array.from({ length: 100_000 }, (_, n) => n % 1000);
  data[0] = Number.NaN;
  data[1] = Number.POSITIVE_INFINITY;
  data[2] = 1e6;
  const affine = affineOf(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    [0, 0, 0],
  );
  const bright = conform({ dimensions: [50, 50, 40], affine, data, slope: 2, intercept: -500 });
  // The one voxel of a million makes the bins wide; the scale is as FreeSurfer's conform finds it.
  expect(bright.low).toBe(-500);
  expect(bright.volume.data.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(
    true,
  );
  const [nx, ny] = bright.volume.dimensions;
  const at = (i: number, j: number, k: number) => bright.volume.data[nx - 1 - i + nx * (40 - 1 - k + 40 * j)];
  expect(ny).toBe(40);
  expect(at(0, 0, 0)).toBe(0);
  expect(at(1, 0, 0)).toBe(0);
  expect(at(2, 0, 0)).toBe(255);
  expect(
    conform({
      dimensions: [50, 50, 40],
      affine,
      data: new Uint8Array(100_000).fill(7),
      slope: 1,
      intercept: 0,
    }).volume.data.every((v) => v === 0),
  ).toBe(true);
});

test('voxels of less than 1 mm are averaged', () => {
  const data = Float32Array.from({ length: 64_000 }, (_, n) => 100 + (n % 2 === 0 ? 50 : -50));
  data[0] = 0;
  const affine = affineOf(
    [
      [0.5, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.5],
    ],
    [0, 0, 0],
  );
  const { volume, scale } = conform({ dimensions: [40, 40, 40], affine, data, slope: 1, intercept: 0 });
  expect(volume.dimensions).toEqual([20, 20, 20]);
  const inside = volume.data.filter((_, n) => n % 20 > 0 && n % 20 < 19);
  for (const value of inside) expect(Math.abs(value / scale - 100)).toBeLessThan(2);
});

test('a quaternion is found for each of the 48 orders, turned or not, and gives the directions back', async () => {
  for (const head of [part([2, 2, 3]), part([2, 2, 3], [20, 50, -100]), part([2, 2, 3], [180, 0, 90])]) {
    for (const order of axisOrders) {
      const { affine } = reordered(head, order);
      const found = quaternionOf(affine);
      const file = niftiFile({ ...reordered(head, order) }, FLOAT32, { sformCode: 0, qformCode: 1 });
      const { volume } = await openScan(file, 'head.nii');
      expect(found).not.toBeNull();
      for (const [r, row] of volume.affine.entries())
        for (const [c, value] of row.entries()) expect(value).toBeCloseTo(affine[r]?.[c] as number, 3);
    }
  }
});
