import type { Dimensions } from '../volume/volume.ts';

/**
 * The plane between left and right: `i = offset + slopeJ · (j − centre of j) + slopeK · (k − centre of k)`, in voxels of a grid whose
 * first axis goes to the left.
 */
export interface Midline {
  offset: number;
  slopeJ: number;
  slopeK: number;
}

/** Every how many voxels along each axis the labels are compared, first roughly, then finely. */
const ROUGH = 6;
const FINE = 3;
/** Slopes that are tried first: a head is turned by up to 17° within its scan. */
const SLOPES = [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3];

/** The plane about which the labels are most nearly their own mirror image. */
export function findMidline(labels: Uint8Array, dimensions: Dimensions): Midline {
  const rough = voxelsOf(labels, dimensions, ROUGH);
  const offset = meanOf(rough);
  let best: Midline = { offset, slopeJ: 0, slopeK: 0 };
  let highest = Number.NEGATIVE_INFINITY;
  const tryOut = (plane: Midline, voxels: Int32Array) => {
    const score = mirrored(labels, dimensions, voxels, plane);
    if (score <= highest) return false;
    highest = score;
    best = plane;
    return true;
  };
  for (const slopeJ of SLOPES) {
    for (const slopeK of SLOPES) tryOut({ offset, slopeJ, slopeK }, rough);
  }
  const fine = voxelsOf(labels, dimensions, FINE);
  highest = mirrored(labels, dimensions, fine, best);
  for (let step = 4; step >= 0.25; step /= 2) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const sign of [-step, step]) {
        improved = tryOut({ ...best, offset: best.offset + sign }, fine) || improved;
        improved = tryOut({ ...best, slopeJ: best.slopeJ + sign / 80 }, fine) || improved;
        improved = tryOut({ ...best, slopeK: best.slopeK + sign / 80 }, fine) || improved;
      }
    }
  }
  return best;
}

/** Where the plane is in a row of the first axis: beyond it is left. */
export function midlineAt(
  { offset, slopeJ, slopeK }: Midline,
  [, ny, nz]: Dimensions,
  j: number,
  k: number,
): number {
  return offset + slopeJ * (j - (ny - 1) / 2) + slopeK * (k - (nz - 1) / 2);
}

/** A function that gives the voxel on the other side of the plane, or −1 beyond the grid. */
export function mirrorOf(
  plane: Midline,
  [nx, ny, nz]: Dimensions,
): (i: number, j: number, k: number) => number {
  const { offset, slopeJ, slopeK } = plane;
  const squared = 1 + slopeJ * slopeJ + slopeK * slopeK;
  const [middleJ, middleK] = [(ny - 1) / 2, (nz - 1) / 2];
  return (i, j, k) => {
    const distance = (2 * (i - offset - slopeJ * (j - middleJ) - slopeK * (k - middleK))) / squared;
    const x = Math.round(i - distance);
    const y = Math.round(j + distance * slopeJ);
    const z = Math.round(k + distance * slopeK);
    return x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? -1 : x + nx * (y + ny * z);
  };
}

/** How many voxels have the label of their mirror image. */
function mirrored(labels: Uint8Array, dimensions: Dimensions, voxels: Int32Array, plane: Midline): number {
  const mirror = mirrorOf(plane, dimensions);
  const [nx, ny] = dimensions;
  let score = 0;
  for (let at = 0; at < voxels.length; at += 3) {
    const [i, j, k] = [voxels[at] as number, voxels[at + 1] as number, voxels[at + 2] as number];
    const other = mirror(i, j, k);
    if (other >= 0 && labels[other] === labels[i + nx * (j + ny * k)]) score++;
  }
  return score;
}

/** i, j, k of labelled voxels, one after the other. */
function voxelsOf(labels: Uint8Array, [nx, ny, nz]: Dimensions, step: number): Int32Array {
  const voxels: number[] = [];
  for (let k = 0; k < nz; k += step) {
    for (let j = 0; j < ny; j += step) {
      for (let i = 0; i < nx; i += step) if (labels[i + nx * (j + ny * k)] !== 0) voxels.push(i, j, k);
    }
  }
  return Int32Array.from(voxels);
}

function meanOf(voxels: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < voxels.length; at += 3) sum += voxels[at] as number;
  return voxels.length === 0 ? 0 : sum / (voxels.length / 3);
}
