import { expect, test } from '@jest/globals';
import {
  boxAround,
  crop,
  paste,
  sizeOf,
  withMargin,
} from '../../../../../src/kinds/mri/analysis/grid/box.ts';
import { components, largestComponent } from '../../../../../src/kinds/mri/analysis/grid/components.ts';
import { Histogram } from '../../../../../src/kinds/mri/analysis/grid/histogram.ts';
import { close, dilate, erode, fillHoles } from '../../../../../src/kinds/mri/analysis/grid/morphology.ts';
import type { Dimensions } from '../../../../../src/kinds/mri/volume/volume.ts';

const size: Dimensions = [15, 14, 13];

/** A mask of the voxels that a rule takes. */
function maskOf(rule: (i: number, j: number, k: number) => boolean, [nx, ny, nz] = size): Uint8Array {
  const mask = new Uint8Array(nx * ny * nz);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) mask[at++] = rule(i, j, k) ? 1 : 0;
  }
  return mask;
}

const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
const ball = (radius: number) =>
  maskOf((i, j, k) => (i - 7) ** 2 + (j - 7) ** 2 + (k - 6) ** 2 <= radius ** 2);

test('a part that is cut out and pasted back lies where it lay', () => {
  const mask = maskOf((i, j, k) => i > 3 && i < 9 && j === 5 && k >= 2 && k < 11);
  const box = boxAround(mask, size);
  expect(box).toEqual({ from: [4, 5, 2], to: [9, 6, 11] });
  if (!box) throw new Error('there is a box');
  const wide = withMargin(box, 6, size);
  expect(wide).toEqual({ from: [0, 0, 0], to: [15, 12, 13] });
  const part = crop(mask, size, wide);
  expect(part).toHaveLength(sizeOf(wide).reduce((product, length) => product * length, 1));
  const back = new Uint8Array(mask.length);
  paste(part, wide, back, size);
  expect(back).toEqual(mask);
  expect(boxAround(new Uint8Array(mask.length), size)).toBeNull();
});

test('a ball that grows and shrinks again is the ball; one that shrinks by its radius is its middle', () => {
  expect(count(dilate(ball(0), size, 3))).toBe(count(ball(3)));
  expect(erode(dilate(ball(2), size, 3), size, 3)).toEqual(close(ball(2), size, 3));
  expect(count(erode(ball(3), size, 3))).toBe(1);
});

test('beyond the grid is no outside: a mask that reaches the border stays there', () => {
  const slab = maskOf((i) => i < 6);
  expect(erode(slab, size, 2)).toEqual(maskOf((i) => i < 4));
});

test('closing by 3 fills a furrow of 5 voxels and leaves one of 7', () => {
  const furrowed = (width: number) => maskOf((i, _, k) => !(i >= 4 && i < 4 + width && k > 3));
  expect(close(furrowed(5), size, 3)[7 * 15 + 6 + 15 * 14 * 10]).toBe(1);
  expect(close(furrowed(7), size, 3)[7 * 15 + 7 + 15 * 14 * 10]).toBe(0);
});

test('holes are filled; what has a way out is not', () => {
  const shell = maskOf((i, j, k) => {
    const radius = (i - 7) ** 2 + (j - 7) ** 2 + (k - 6) ** 2;
    return radius <= 25 && radius >= 9;
  });
  expect(fillHoles(shell, size)).toEqual(ball(5));
  const open = shell.map((value, at) => (at % 15 === 7 && Math.trunc(at / 15) % 14 === 7 ? 0 : value));
  expect(fillHoles(open, size)).toEqual(open);
});

test('parts that touch by a corner only are two, and the larger one is kept', () => {
  const mask = maskOf((i, j, k) => (i < 3 && j < 3 && k < 3) || (i === 3 && j === 3 && k === 3));
  expect(components(mask, size).sizes).toEqual([0, 27, 1]);
  expect(count(largestComponent(mask, size))).toBe(27);
  expect(count(largestComponent(new Uint8Array(mask.length), size))).toBe(0);
});

test('a histogram knows median, deviation, mode and shares, and passes over what is left out', () => {
  const values = [...Array.from({ length: 99 }, (_, at) => 50 + (at % 3)), 250];
  const histogram = Histogram.of(values, (at) => at < 99);
  expect(histogram.total).toBe(99);
  expect(histogram.median()).toBe(51);
  expect(histogram.quantile(0)).toBe(50);
  expect(histogram.quantile(1)).toBe(52);
  expect(histogram.deviation()).toBeCloseTo(1.4826);
  expect(histogram.shareUpTo(50)).toBeCloseTo(1 / 3);
  expect(Histogram.of(values).mode(2)).toBeCloseTo(51);
  expect(Histogram.of([]).median()).toBeNaN();
});
