import type { Dimensions, Grid, Volume } from '../volume.ts';
import { affineOf, applied, matrixOf, plus, translation, type Vector } from './affine.ts';

/** A part of a volume, in voxels; it may reach beyond it. */
export interface Box {
  from: Vector;
  size: Dimensions;
}

/** The part of a volume that is in the box; what the box has beyond the volume is 0. */
export function inBox(volume: Volume, box: Box): Volume {
  const data = new Float32Array(box.size[0] * box.size[1] * box.size[2]);
  copyRows(volume.dimensions, box, (inVolume, inData, length) => {
    data.set(volume.data.subarray(inVolume, inVolume + length), inData);
  });
  return { ...gridOf(volume, box), data };
}

/** Labels of a box on the whole grid that it was taken from; 0 elsewhere. */
export function outOfBox(labels: Uint8Array, box: Box, dimensions: Dimensions): Uint8Array {
  const whole = new Uint8Array(dimensions[0] * dimensions[1] * dimensions[2]);
  copyRows(dimensions, box, (inVolume, inData, length) => {
    whole.set(labels.subarray(inData, inData + length), inVolume);
  });
  return whole;
}

function gridOf({ affine }: Grid, { from, size }: Box): Grid {
  const matrix = matrixOf(affine);
  return { dimensions: size, affine: affineOf(matrix, plus(translation(affine), applied(matrix, from))) };
}

/** The smallest box around what is not 0, with a margin, within the volume; null where all is 0. */
export function boxAround(labels: Uint8Array, [nx, ny, nz]: Dimensions, margin: number): Box | null {
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let k = 0, n = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (labels[n] === 0) continue;
        for (const [axis, place] of [i, j, k].entries()) {
          low[axis] = Math.min(low[axis] as number, place);
          high[axis] = Math.max(high[axis] as number, place);
        }
      }
    }
  }
  if ((high[0] as number) < 0) return null;
  const from = low.map((place) => Math.max(0, place - margin)) as unknown as Vector;
  const end = [nx, ny, nz].map((size, axis) => Math.min(size, (high[axis] as number) + margin + 1));
  return { from, size: end.map((place, axis) => place - (from[axis] as number)) as unknown as Dimensions };
}

function copyRows(
  [nx, ny, nz]: Dimensions,
  { from, size }: Box,
  copy: (inVolume: number, inData: number, length: number) => void,
): void {
  const first = Math.max(0, from[0]);
  const length = Math.min(nx, from[0] + size[0]) - first;
  if (length <= 0) return;
  for (let k = Math.max(0, from[2]); k < Math.min(nz, from[2] + size[2]); k++) {
    for (let j = Math.max(0, from[1]); j < Math.min(ny, from[1] + size[1]); j++) {
      const inData = ((k - from[2]) * size[1] + (j - from[1])) * size[0] + (first - from[0]);
      copy((k * ny + j) * nx + first, inData, length);
    }
  }
}
