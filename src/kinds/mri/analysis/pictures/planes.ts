import type { Dimensions } from '../../volume/volume.ts';
import { boxAround, withMargin } from '../grid/box.ts';
import type { Mask } from '../grid/morphology.ts';
import { sidedCodes } from '../structures.ts';

export type PlaneName = 'axial' | 'coronal' | 'sagittal';

/** A slice as people look at it: axial and coronal by the radiological convention (the left side at the right), sagittal facing left. */
export interface Plane {
  name: PlaneName;
  width: number;
  height: number;
  /** The voxel of a pixel, x to the right and y downwards. */
  voxelAt(x: number, y: number): number;
  /** What is at the left and the right edge: right, left, anterior or posterior. */
  edges: readonly [string, string];
}

/** Millimetres around the brain that a picture shows. */
const MARGIN = 22;
/** Where no structure tells it, the sagittal slice is so far to the left of the middle. */
const BESIDE_MIDDLE = 10;

/** Three slices through the deep structures: thalamus, hippocampus, left thalamus; through the middle where there are none. */
export function planesThrough(mask: Mask, structures: Uint8Array, dimensions: Dimensions): Plane[] {
  const [nx, ny] = dimensions;
  const whole = boxAround(mask, dimensions) ?? { from: [0, 0, 0], to: dimensions };
  const { from, to } = withMargin(whole, MARGIN, dimensions);
  const middle = [0, 1, 2].map((axis) =>
    Math.round(((whole.from[axis] as number) + (whole.to[axis] as number)) / 2),
  ) as [number, number, number];
  const { thalamus, hippocampus } = sidedCodes;
  const at = (codes: number[], axis: 0 | 1 | 2, otherwise: number) =>
    centreOf(structures, dimensions, codes)?.[axis] ?? otherwise;
  const j = at([thalamus.left, thalamus.right], 1, middle[1]);
  const k = at([hippocampus.left, hippocampus.right], 2, middle[2]);
  const i = at([thalamus.left], 0, Math.min(nx - 1, middle[0] + BESIDE_MIDDLE));
  const [wide, high, deep] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  return [
    {
      name: 'axial',
      width: wide,
      height: deep,
      voxelAt: (x, y) => from[0] + x + nx * (j + ny * (to[2] - 1 - y)),
      edges: ['R', 'L'],
    },
    {
      name: 'coronal',
      width: wide,
      height: high,
      voxelAt: (x, y) => from[0] + x + nx * (from[1] + y + ny * k),
      edges: ['R', 'L'],
    },
    {
      name: 'sagittal',
      width: deep,
      height: high,
      voxelAt: (x, y) => i + nx * (from[1] + y + ny * (to[2] - 1 - x)),
      edges: ['A', 'P'],
    },
  ];
}

function centreOf(
  codes: Uint8Array,
  [nx, ny]: Dimensions,
  wanted: readonly number[],
): [number, number, number] | null {
  const sums = [0, 0, 0];
  let count = 0;
  for (let at = 0; at < codes.length; at++) {
    if (codes[at] === 0 || !wanted.includes(codes[at] as number)) continue;
    count++;
    const place = [at % nx, Math.trunc(at / nx) % ny, Math.trunc(at / (nx * ny))];
    for (let axis = 0; axis < 3; axis++) sums[axis] = (sums[axis] as number) + (place[axis] as number);
  }
  return count === 0 ? null : (sums.map((sum) => Math.round(sum / count)) as [number, number, number]);
}
