import { inverse, matrixOf, translation } from '../volume/geometry/affine.ts';
import type { Affine, Dimensions, Grid } from '../volume/volume.ts';
import type { Mask } from './grid/morphology.ts';

/** A model may leave out the outermost voxels of a field of view. */
const NEAR = 2;

/**
 * The share of a mask's surface that lies at the border of the scan's field of view.
 * @param grid of the mask, 1 mm
 * @param scan the grid of the original
 */
export function borderContact(mask: Mask, { dimensions, affine }: Grid, scan: Grid): number {
  const isWithin = withinScan(affine, scan);
  const [nx, ny, nz] = dimensions;
  const steps = [1, nx, nx * ny] as const;
  let surface = 0;
  let atBorder = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask[at] !== 1) continue;
        const place = [i, j, k] as const;
        for (let axis = 0; axis < 3; axis++) {
          for (const way of [-1, 1]) {
            const next = (place[axis] as number) + way;
            const inGrid = next >= 0 && next < (dimensions[axis] as number);
            if (inGrid && mask[at + way * (steps[axis] as number)] === 1) continue;
            surface++;
            const beyond = place.map((value, n) => (n === axis ? value + way * NEAR : value));
            if (!isWithin(beyond as unknown as Dimensions)) atBorder++;
          }
        }
      }
    }
  }
  return surface === 0 ? 0 : atBorder / surface;
}

/** Whether a voxel of a grid lies within the scan. */
function withinScan(affine: Affine, scan: Grid): (voxel: Dimensions) => boolean {
  const toScan = inverse(matrixOf(scan.affine));
  const [from, to] = [translation(affine), translation(scan.affine)];
  const matrix = matrixOf(affine);
  return (voxel) => {
    const world = [0, 1, 2].map((row) => {
      const line = matrix[row] as readonly [number, number, number];
      return (
        line[0] * voxel[0] +
        line[1] * voxel[1] +
        line[2] * voxel[2] +
        (from[row] as number) -
        (to[row] as number)
      );
    });
    return toScan.every((line, axis) => {
      const place = line.reduce((sum, value, n) => sum + value * (world[n] as number), 0);
      return place >= -0.5 && place <= (scan.dimensions[axis] as number) - 0.5;
    });
  };
}
