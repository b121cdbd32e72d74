import type { Affine, Dimensions } from '../volume.ts';

export type Vector = readonly [number, number, number];
export type Matrix = readonly [Vector, Vector, Vector];

/** The part of an affine that turns and scales. */
export function matrixOf(affine: Affine): Matrix {
  const row = (r: number): Vector => [at(affine, r, 0), at(affine, r, 1), at(affine, r, 2)];
  return [row(0), row(1), row(2)];
}

export function affineOf(matrix: Matrix, translation: Vector): Affine {
  return [
    [...matrix[0], translation[0]],
    [...matrix[1], translation[1]],
    [...matrix[2], translation[2]],
    [0, 0, 0, 1],
  ];
}

export function column(matrix: Matrix, c: number): Vector {
  return [entry(matrix, 0, c), entry(matrix, 1, c), entry(matrix, 2, c)];
}

export const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vector) => Math.hypot(a[0], a[1], a[2]);
export const scaled = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function applied(matrix: Matrix, v: Vector): Vector {
  return [dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)];
}

export function product(a: Matrix, b: Matrix): Matrix {
  const row = (r: Vector): Vector => [dot(r, column(b, 0)), dot(r, column(b, 1)), dot(r, column(b, 2))];
  return [row(a[0]), row(a[1]), row(a[2])];
}

export const determinant = (m: Matrix) => dot(m[0], cross(m[1], m[2]));

export function inverse(m: Matrix): Matrix {
  const d = determinant(m);
  const columns = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])].map((c) =>
    scaled(c, 1 / d).map((value) => value + 0),
  ) as unknown as Matrix;
  return [column(columns, 0), column(columns, 1), column(columns, 2)];
}

/** The lengths of a voxel's edges. */
export function voxelSize(affine: Affine): Vector {
  const m = matrixOf(affine);
  return [length(column(m, 0)), length(column(m, 1)), length(column(m, 2))];
}

/** Each column with length 1. */
export function directions(affine: Affine): Matrix {
  const m = matrixOf(affine);
  const size = voxelSize(affine);
  const row = (r: Vector): Vector => [r[0] / size[0], r[1] / size[1], r[2] / size[2]];
  return [row(m[0]), row(m[1]), row(m[2])];
}

/** Whether it takes voxels to places in a space: finite, and its axes not all in one plane. */
export function isOrientation(affine: Affine): boolean {
  if (affine.some((row) => row.some((value) => !Number.isFinite(value)))) return false;
  if (voxelSize(affine).some((size) => size < 1e-6)) return false;
  return Math.abs(determinant(directions(affine))) > 0.1;
}

/** Its axes are not at right angles, by more than rounding explains. */
export function isSheared(affine: Affine): boolean {
  const d = directions(affine);
  const [i, j, k] = [column(d, 0), column(d, 1), column(d, 2)];
  return [dot(i, j), dot(j, k), dot(k, i)].some((cosine) => Math.abs(cosine) > 2e-3);
}

/** Where the middle of the grid lies in the world. */
export function centre({ dimensions, affine }: { dimensions: Dimensions; affine: Affine }): Vector {
  const middle: Vector = [(dimensions[0] - 1) / 2, (dimensions[1] - 1) / 2, (dimensions[2] - 1) / 2];
  return plus(applied(matrixOf(affine), middle), translation(affine));
}

export function translation(affine: Affine): Vector {
  return [at(affine, 0, 3), at(affine, 1, 3), at(affine, 2, 3)];
}

function at(affine: Affine, r: number, c: number): number {
  return affine[r]?.[c] as number;
}

function entry(matrix: Matrix, r: number, c: number): number {
  return matrix[r]?.[c] as number;
}

/** A rotation of the three imaginary parts of a unit quaternion, as NIfTI has it. Not normalised, it is made so. */
export function rotationOf([b, c, d]: Vector): Matrix {
  const squares = b * b + c * c + d * d;
  let real = 0;
  let [x, y, z] = [b, c, d];
  // So near to 1 the real part is rounding only.
  if (1 - squares > 1e-7) real = Math.sqrt(1 - squares);
  else [x, y, z] = scaled([b, c, d], 1 / Math.sqrt(squares));
  return [
    [real * real + x * x - y * y - z * z, 2 * (x * y - real * z), 2 * (x * z + real * y)],
    [2 * (x * y + real * z), real * real + y * y - x * x - z * z, 2 * (y * z - real * x)],
    [2 * (x * z - real * y), 2 * (y * z + real * x), real * real + z * z - x * x - y * y],
  ];
}
