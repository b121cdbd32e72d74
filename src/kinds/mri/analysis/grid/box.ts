import type { Dimensions } from '../../volume/volume.ts';

/** A part of a grid: `from` belongs to it, `to` does not. */
export interface Box {
  from: Dimensions;
  to: Dimensions;
}

/** Values on a grid, the first axis fastest. */
export type Values = Uint8Array | Float32Array;

export const voxelCount = ([nx, ny, nz]: Dimensions): number => nx * ny * nz;

export const sizeOf = ({ from, to }: Box): Dimensions => [to[0] - from[0], to[1] - from[1], to[2] - from[2]];

/** The smallest box around every voxel whose value is above `above`, or null where there is none. */
export function boxAround(values: Values, [nx, ny, nz]: Dimensions, above = 0): Box | null {
  const from = [nx, ny, nz];
  const to = [0, 0, 0];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!((values[at] as number) > above)) continue;
        const place = [i, j, k];
        for (let axis = 0; axis < 3; axis++) {
          from[axis] = Math.min(from[axis] as number, place[axis] as number);
          to[axis] = Math.max(to[axis] as number, (place[axis] as number) + 1);
        }
      }
    }
  }
  return to[0] === 0 ? null : { from: from as unknown as Dimensions, to: to as unknown as Dimensions };
}

/** The box with a margin of so many voxels, as far as the grid goes. */
export function withMargin({ from, to }: Box, margin: number, dimensions: Dimensions): Box {
  const [nx, ny, nz] = dimensions;
  return {
    from: [Math.max(0, from[0] - margin), Math.max(0, from[1] - margin), Math.max(0, from[2] - margin)],
    to: [Math.min(nx, to[0] + margin), Math.min(ny, to[1] + margin), Math.min(nz, to[2] + margin)],
  };
}

/** The values within a box, as a grid of its own. */
export function crop<T extends Values>(values: T, dimensions: Dimensions, box: Box): T {
  const size = sizeOf(box);
  const part = new (values.constructor as new (length: number) => T)(voxelCount(size));
  eachRow(box, dimensions, (inWhole, inPart) => {
    part.set(values.subarray(inWhole, inWhole + size[0]), inPart);
  });
  return part;
}

/** Writes the values of a box into the grid that it is a part of. */
export function paste<T extends Values>(part: T, box: Box, into: T, dimensions: Dimensions): void {
  const length = box.to[0] - box.from[0];
  eachRow(box, dimensions, (inWhole, inPart) => {
    into.set(part.subarray(inPart, inPart + length), inWhole);
  });
}

function eachRow(
  { from, to }: Box,
  [nx, ny]: Dimensions,
  visit: (inWhole: number, inPart: number) => void,
): void {
  let inPart = 0;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      visit(from[0] + nx * (j + ny * k), inPart);
      inPart += to[0] - from[0];
    }
  }
}
