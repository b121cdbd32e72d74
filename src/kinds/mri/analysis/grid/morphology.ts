import type { Dimensions } from '../../volume/volume.ts';

/** A mask on a grid, the first axis fastest: 1 within, 0 outside. */
export type Mask = Uint8Array;

/** The mask and everything within `radius` voxels of it. */
export function dilate(mask: Mask, dimensions: Dimensions, radius: number): Mask {
  return spread(mask, dimensions, radius, 1);
}

/** What of the mask is further than `radius` voxels from anything outside it. Beyond the grid is nobody's outside. */
export function erode(mask: Mask, dimensions: Dimensions, radius: number): Mask {
  return spread(mask, dimensions, radius, 0);
}

/** Fills gaps and furrows narrower than twice the radius. */
export function close(mask: Mask, dimensions: Dimensions, radius: number): Mask {
  return erode(dilate(mask, dimensions, radius), dimensions, radius);
}

/** Adds what is enclosed: every voxel that no way through the outside joins to the border of the grid. */
export function fillHoles(mask: Mask, dimensions: Dimensions): Mask {
  const [nx, ny, nz] = dimensions;
  const outside = new Uint8Array(mask.length);
  const stack: number[] = [];
  const visit = (at: number) => {
    if (mask[at] === 0 && outside[at] === 0) {
      outside[at] = 1;
      stack.push(at);
    }
  };
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const onFace = k === 0 || k === nz - 1 || j === 0 || j === ny - 1;
      const row = nx * (j + ny * k);
      for (let i = 0; i < nx; i += onFace ? 1 : Math.max(1, nx - 1)) visit(row + i);
    }
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) eachNeighbour(at, dimensions, visit);
  return outside.map((value) => 1 - value);
}

/** Calls `visit` with each of the up to six voxels that share a face with one. */
export function eachNeighbour(at: number, [nx, ny, nz]: Dimensions, visit: (at: number) => void): void {
  const slice = nx * ny;
  const i = at % nx;
  const j = Math.trunc(at / nx) % ny;
  const k = Math.trunc(at / slice);
  if (i > 0) visit(at - 1);
  if (i < nx - 1) visit(at + 1);
  if (j > 0) visit(at - nx);
  if (j < ny - 1) visit(at + nx);
  if (k > 0) visit(at - slice);
  if (k < nz - 1) visit(at + slice);
}

/** Sets every voxel within `radius` of one with this value to the value. Only those at an edge have to be looked at. */
function spread(mask: Mask, dimensions: Dimensions, radius: number, value: 0 | 1): Mask {
  const [nx, ny, nz] = dimensions;
  const result = mask.slice();
  const ball = ballOffsets(radius);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask[at] !== value || !isAtEdge(mask, at, i, j, k, dimensions)) continue;
        for (let offset = 0; offset < ball.length; offset += 3) {
          const x = i + (ball[offset] as number);
          const y = j + (ball[offset + 1] as number);
          const z = k + (ball[offset + 2] as number);
          if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
          result[x + nx * (y + ny * z)] = value;
        }
      }
    }
  }
  return result;
}

function isAtEdge(
  mask: Mask,
  at: number,
  i: number,
  j: number,
  k: number,
  [nx, ny, nz]: Dimensions,
): boolean {
  const own = mask[at];
  const slice = nx * ny;
  return (
    (i > 0 && mask[at - 1] !== own) ||
    (i < nx - 1 && mask[at + 1] !== own) ||
    (j > 0 && mask[at - nx] !== own) ||
    (j < ny - 1 && mask[at + nx] !== own) ||
    (k > 0 && mask[at - slice] !== own) ||
    (k < nz - 1 && mask[at + slice] !== own)
  );
}

/** x, y, z of each voxel of a ball, one after the other. */
function ballOffsets(radius: number): Int8Array {
  const reach = Math.floor(radius);
  const offsets: number[] = [];
  for (let z = -reach; z <= reach; z++) {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        if (x * x + y * y + z * z <= radius * radius) offsets.push(x, y, z);
      }
    }
  }
  return Int8Array.from(offsets);
}
