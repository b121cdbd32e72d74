import type { Dimensions, Grid } from '../volume.ts';
import { column, directions, type Matrix, matrixOf, product, type Vector } from './affine.ts';

/**
 * The axes that the models were trained with: the first index grows to the left, the second downwards, the third to the front.
 * World coordinates grow to the right, to the front and upwards.
 */
export const modelAxes: Matrix = [
  [-1, 0, 0],
  [0, 0, -1],
  [0, 1, 0],
];

/** A grid seen along the models' axes: nothing is moved, only counted in another order. */
export interface Canonical {
  dimensions: Dimensions;
  /** Where in the stored data the first voxel of the canonical order is. */
  base: number;
  /** Steps in the stored data from one voxel to the next along each canonical axis. */
  strides: Vector;
  /** From canonical voxels to millimetres along the models' axes, without the place. */
  matrix: Matrix;
  /** The canonical axes are the models', so that each can be resampled by itself. */
  straight: boolean;
}

/** Turned by less than this, the edge of a head moves by less than a hundredth of a millimetre: rounding of the header. */
const NO_TURN = 1e-4;

/**
 * The same head in another order of axes, or flipped, gives the same numbers, to the last bit: signs and orders change, and
 * what rounding did to the header is taken out.
 */
export function canonical({ dimensions, affine }: Grid): Canonical {
  const inModelAxes = product(modelAxes, matrixOf(affine));
  const order = nearestAxes(inModelAxes);
  const steps = [1, dimensions[0], dimensions[0] * dimensions[1]];
  let base = 0;
  const sizes: number[] = [];
  const strides: number[] = [];
  const columns: Vector[] = [];
  for (const [axis, from] of order.entries()) {
    const along = column(inModelAxes, from);
    const size = dimensions[from] as number;
    const step = steps[from] as number;
    const flipped = (along[axis] as number) < 0;
    if (flipped) base += (size - 1) * step;
    sizes.push(size);
    strides.push(flipped ? -step : step);
    columns.push(rounded(flipped ? (along.map((value) => -value) as unknown as Vector) : along, axis));
  }
  const [x, y, z] = columns as [Vector, Vector, Vector];
  const matrix: Matrix = [
    [x[0], y[0], z[0]],
    [x[1], y[1], z[1]],
    [x[2], y[2], z[2]],
  ];
  const straight = columns.every((along, axis) => along.every((value, n) => n === axis || value === 0));
  return {
    dimensions: sizes as unknown as Dimensions,
    base,
    strides: strides as unknown as Vector,
    matrix,
    straight,
  };
}

/** To a hundredth of a micrometre; and along its axis, where it is all but along it. */
function rounded(along: Vector, axis: number): Vector {
  const size = Math.hypot(...along);
  const grid = (value: number) => Math.round(value * 1e5) / 1e5 + 0;
  const off = along.some((value, n) => n !== axis && Math.abs(value) > NO_TURN * size);
  const [x, y, z] = along.map((value, n) => (off ? grid(value) : n === axis ? grid(size) : 0));
  return [x as number, y as number, z as number];
}

/** For each axis of the world, which voxel axis lies nearest to it: of all pairings the one that lies nearest as a whole. */
function nearestAxes(matrix: Matrix): readonly [number, number, number] {
  const d = directions([
    [...matrix[0], 0],
    [...matrix[1], 0],
    [...matrix[2], 0],
    [0, 0, 0, 1],
  ]);
  const closeness = (order: readonly number[]) =>
    order.reduce((sum, from, axis) => sum + Math.abs(d[axis]?.[from] as number), 0);
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  return orders.reduce((best, order) => (closeness(order) > closeness(best) + 1e-9 ? order : best));
}
