import type { Dimensions } from '../../volume/volume.ts';
import { voxelCount } from '../grid/box.ts';

const MIB = 1024 ** 2;
/** What a child process may have in memory, and what it has with nothing of a head in it. */
export const CHILD_MIB = 2048;
const PROCESS_MIB = 260;
/** A conformed voxel is kept as a floating-point number, with masks and labels beside it. */
const BYTES_PER_CONFORMED_VOXEL = 8;

/**
 * How many voxels a model may look at in one run so that the child stays within its memory.
 * @param conformed dimensions of the conformed volume
 * @param bytesPerVoxel of the model's card
 */
export function voxelsAtOnce(conformed: Dimensions, bytesPerVoxel: number): number {
  const free = (CHILD_MIB - PROCESS_MIB) * MIB - voxelCount(conformed) * BYTES_PER_CONFORMED_VOXEL;
  return Math.floor(free / bytesPerVoxel);
}

/** What a run of a model will need, in MiB, known before it begins. */
export function neededMiB(conformed: Dimensions, seen: Dimensions, bytesPerVoxel: number): number {
  const atOnce = Math.min(voxelCount(seen), voxelsAtOnce(conformed, bytesPerVoxel));
  const bytes = voxelCount(conformed) * BYTES_PER_CONFORMED_VOXEL + atOnce * bytesPerVoxel;
  return Math.ceil(PROCESS_MIB + bytes / MIB);
}
