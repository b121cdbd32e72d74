import type { Affine, Dimensions, Volume } from '../../../src/kinds/mri/volume/volume.ts';

/** Which axis of the original comes first, second and third, and which of the three then run backwards. */
export interface AxisOrder {
  from: readonly [number, number, number];
  flipped: readonly [boolean, boolean, boolean];
}

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** All 48. */
export const axisOrders: readonly AxisOrder[] = permutations.flatMap((from) =>
  Array.from({ length: 8 }, (_, n) => ({ from, flipped: [(n & 1) > 0, (n & 2) > 0, (n & 4) > 0] as const })),
);

/** The same voxels at the same places in the world, stored in another order. */
export function reordered<Data extends Float32Array | Uint8Array>(
  { dimensions, affine, data }: Omit<Volume, 'data'> & { data: Data },
  { from, flipped }: AxisOrder,
): Omit<Volume, 'data'> & { data: Data } {
  const sizes = from.map((axis) => dimensions[axis] as number) as unknown as Dimensions;
  const steps = [1, dimensions[0], dimensions[0] * dimensions[1]];
  const step = from.map((axis, n) => (steps[axis] as number) * (flipped[n] ? -1 : 1));
  let base = 0;
  for (const [n, axis] of from.entries()) {
    if (flipped[n]) base += ((sizes[n] as number) - 1) * (steps[axis] as number);
  }
  const moved = data.slice() as Data;
  let at = 0;
  for (let k = 0; k < sizes[2]; k++) {
    for (let j = 0; j < sizes[1]; j++) {
      for (let i = 0; i < sizes[0]; i++) {
        const index = base + i * (step[0] as number) + j * (step[1] as number) + k * (step[2] as number);
        moved[at++] = data[index] as number;
      }
    }
  }
  const rows = affine.slice(0, 3).map((row) => {
    let offset = row[3];
    const columns = from.map((axis, n) => {
      const step = row[axis] as number;
      if (!flipped[n]) return step;
      offset += step * ((sizes[n] as number) - 1);
      return -step;
    });
    return [...columns, offset] as unknown as Affine[0];
  });
  return { dimensions: sizes, affine: [...rows, [0, 0, 0, 1]], data: moved };
}
