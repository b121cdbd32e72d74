import type { Dimensions } from '../volume/volume.ts';
import { type Box, withMargin } from './grid/box.ts';

/** Brighter than the noise of the air. */
const SIGNAL = 20;
/** A slice with fewer such voxels has nothing of the head: noise, and stray bright spots. */
const FEWEST = 60;
const MARGIN = 6;

/** The box around everything in a conformed volume that is not air, or null where there is nothing. */
export function headBox(values: Float32Array, dimensions: Dimensions): Box | null {
  const [nx, ny, nz] = dimensions;
  const counts = dimensions.map((length) => new Uint32Array(length)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if ((values[at] as number) < SIGNAL) continue;
        for (const [axis, place] of [i, j, k].entries()) {
          const slices = counts[axis] as Uint32Array;
          slices[place] = (slices[place] as number) + 1;
        }
      }
    }
  }
  const from = counts.map((slices) => slices.findIndex((count) => count >= FEWEST));
  const to = counts.map((slices) => slices.findLastIndex((count) => count >= FEWEST) + 1);
  if (to.some((end) => end === 0)) return null;
  const box = { from: from as unknown as Dimensions, to: to as unknown as Dimensions };
  return withMargin(box, MARGIN, dimensions);
}
