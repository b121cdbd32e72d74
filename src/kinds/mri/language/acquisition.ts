import type { Affine, Dimensions } from '../volume/volume.ts';

/** How the slices lie, as a report says it. */
export interface Acquisition {
  dimensions: Dimensions;
  /** Null where the voxels are about as long as wide: no plane is better than another. */
  plane: 'sagittal' | 'coronal' | 'axial' | null;
  /** Across the plane, or along the file's last axis. */
  slices: number;
}

const planes = ['sagittal', 'coronal', 'axial'] as const;
/** A voxel that is longer than this along one axis was acquired in slices. */
const elongated = 1.2;

/** @param affine to the world, x to the right, y to the front, z up */
export function acquisitionOf(dimensions: Dimensions, affine: Affine): Acquisition {
  const columns = [0, 1, 2].map((axis) => affine.slice(0, 3).map((row) => row[axis] as number));
  const lengths = columns.map((column) => Math.hypot(...column));
  const longest = lengths.indexOf(Math.max(...lengths));
  const others = lengths.filter((_, axis) => axis !== longest);
  if ((lengths[longest] as number) < elongated * Math.max(...others))
    return { dimensions, plane: null, slices: dimensions[2] };
  // The plane is named by the world axis that the slices follow one another along.
  const along = (columns[longest] as number[]).map(Math.abs);
  const plane = planes[along.indexOf(Math.max(...along))] as (typeof planes)[number];
  return { dimensions, plane, slices: dimensions[longest] as number };
}
