import type { Dimensions } from '../volume/volume.ts';
import { type Midline, midlineAt } from './midline.ts';
import { codesByLabel } from './structures.ts';

/** Voxels of each label on either side of the midline. */
export interface CountsBySide {
  left: Float64Array;
  right: Float64Array;
}

export function countBySide(
  labels: Uint8Array,
  dimensions: Dimensions,
  midline: Midline,
  highest: number,
): CountsBySide {
  const counts = { left: new Float64Array(highest + 1), right: new Float64Array(highest + 1) };
  eachRow(dimensions, midline, (row, from, end) => {
    for (let at = row; at < end; at++) {
      const side = at < from ? counts.right : counts.left;
      const label = labels[at] as number;
      side[label] = (side[label] as number) + 1;
    }
  });
  return counts;
}

/** The model's labels as codes of `structures.nii.gz`, split at the midline. */
export function splitBySide(labels: Uint8Array, dimensions: Dimensions, midline: Midline): Uint8Array {
  const { left, right } = codesByLabel();
  const codes = new Uint8Array(labels.length);
  eachRow(dimensions, midline, (row, from, end) => {
    for (let at = row; at < end; at++) {
      codes[at] = (at < from ? right : left)[labels[at] as number] as number;
    }
  });
  return codes;
}

/** For each row of the first axis where it begins, where its left part begins, and where it ends. */
function eachRow(
  dimensions: Dimensions,
  midline: Midline,
  visit: (row: number, from: number, end: number) => void,
): void {
  const [nx, ny, nz] = dimensions;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const middle = Math.floor(midlineAt(midline, dimensions, j, k)) + 1;
      visit(row, row + Math.max(0, Math.min(nx, middle)), row + nx);
    }
  }
}
