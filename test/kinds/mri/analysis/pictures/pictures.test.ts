import { expect, test } from '@jest/globals';
import { lettersSvg } from '../../../../../src/kinds/mri/analysis/pictures/letters.ts';
import { paintOverlay, paintSlice, ZOOM } from '../../../../../src/kinds/mri/analysis/pictures/paint.ts';
import { planesThrough } from '../../../../../src/kinds/mri/analysis/pictures/planes.ts';
import { sidedCodes } from '../../../../../src/kinds/mri/analysis/structures.ts';
import type { Dimensions } from '../../../../../src/kinds/mri/volume/volume.ts';

const size: Dimensions = [30, 28, 26];
const at = (i: number, j: number, k: number) => i + 30 * (j + 28 * k);
const filled = (rule: (i: number, j: number, k: number) => number) =>
  Uint8Array.from({ length: 30 * 28 * 26 }, (_, n) =>
    rule(n % 30, Math.trunc(n / 30) % 28, Math.trunc(n / 840)),
  );

const mask = filled((i, j, k) => (i > 3 && i < 26 && j > 3 && j < 24 && k > 3 && k < 22 ? 1 : 0));
const tissue = mask.map((within, n) => within * (n % 30 > 14 ? 1 : 2));
const { left, right } = sidedCodes.thalamus;
const structures = filled((i, j, k) =>
  j === 9 && Math.abs(k - 12) < 2 ? (i === 20 ? left : i === 10 ? right : 0) : 0,
);
const content = { values: Float32Array.from(mask, (within) => 60 + 100 * within), mask, tissue, structures };

test('slices go through the deep structures, with the left side at the right and the front at the left', () => {
  const [axial, coronal, sagittal] = planesThrough(mask, structures, size);
  expect(axial?.edges).toEqual(['R', 'L']);
  // Left is where the first axis goes; the front is up in an axial slice.
  expect(axial?.voxelAt(20, 25 - 12)).toBe(at(20, 9, 12));
  expect(coronal?.voxelAt(20, 9)).toBe(at(20, 9, 13));
  expect(sagittal?.edges).toEqual(['A', 'P']);
  expect(sagittal?.voxelAt(25 - 12, 9)).toBe(at(20, 9, 12));
  const [without] = planesThrough(mask, new Uint8Array(structures.length), size);
  expect(without?.voxelAt(0, 0)).toBe(at(0, 14, 25));
});

test('outside the brain a hidden slice is black, and an overlay follows white matter and fills structures', () => {
  const [axial] = planesThrough(mask, structures, size);
  if (!axial) throw new Error('there are planes');
  const pixel = (pixels: Uint8Array, i: number, k: number) => {
    const start = 3 * (i * ZOOM + 1 + axial.width * ZOOM * ((25 - k) * ZOOM + 1));
    return [...pixels.subarray(start, start + 3)];
  };
  expect(pixel(paintSlice(axial, content, false), 1, 12)).toEqual([60, 60, 60]);
  expect(pixel(paintSlice(axial, content, true), 1, 12)).toEqual([0, 0, 0]);
  expect(pixel(paintSlice(axial, content, true), 10, 12)).toEqual([160, 160, 160]);
  const overlay = paintOverlay(axial, content, false);
  expect(pixel(overlay, 20, 12)).toEqual([88, 141, 94]);
  // The outline runs along the last pixel of grey before white.
  const edge = 3 * (14 * ZOOM + 2 + axial.width * ZOOM * (13 * ZOOM + 1));
  expect(overlay[edge]).toBeGreaterThan(200);
  expect(overlay[edge + 2]).toBeLessThan(80);
});

test('every letter that a picture needs can be drawn without a font', () => {
  for (const words of ['NOT FOR DIAGNOSIS', 'L', 'R', 'L?', 'R?', 'A', 'P']) {
    const letters = words.replaceAll(' ', '').length;
    expect(lettersSvg(words, 10, 10, 12).match(/<path /g)).toHaveLength(2 * letters);
  }
});
