import type { Dimensions } from '../../volume/volume.ts';
import type { Mask } from '../grid/morphology.ts';
import { solve } from './solve.ts';

/** Every how many voxels along each axis the shading is looked at: it is smooth. */
const STEP = 3;

/** Exponents of x, y and z of each term of a polynomial of the second degree. */
const TERMS = [
  [0, 0, 0],
  [1, 0, 0],
  [2, 0, 0],
  [0, 1, 0],
  [1, 1, 0],
  [0, 2, 0],
  [0, 0, 1],
  [1, 0, 1],
  [0, 1, 1],
  [0, 0, 2],
] as const;

/** How a coil brightens one place more than another: the coefficients of a smooth factor, in the order of `TERMS`. */
export type Shading = readonly number[];

/** Voxels by which a shading is found, and the terms of the polynomial at each. */
export interface Sample {
  positions: Int32Array;
  terms: Float64Array;
}

/** Every third voxel along each axis of a mask. */
export function sampleOf(mask: Mask, dimensions: Dimensions): Sample {
  const [nx, ny, nz] = dimensions;
  const positions: number[] = [];
  const terms: number[] = [];
  for (let k = 0; k < nz; k += STEP) {
    for (let j = 0; j < ny; j += STEP) {
      for (let i = 0; i < nx; i += STEP) {
        const at = i + nx * (j + ny * k);
        if (mask[at] !== 1) continue;
        positions.push(at);
        const [x, y, z] = [coordinate(i, nx), coordinate(j, ny), coordinate(k, nz)];
        for (const [a, b, c] of TERMS) terms.push(x ** a * y ** b * z ** c);
      }
    }
  }
  return { positions: Int32Array.from(positions), terms: Float64Array.from(terms) };
}

/** Fits a factor to what was seen at the voxels of a sample: how much brighter each is than it should be, and how sure that is. */
export function fitShading(sample: Sample, ratios: Float64Array, weights: Float64Array): Shading {
  const count = TERMS.length;
  const rows = Array.from({ length: count }, () => new Float64Array(count + 1));
  for (let voxel = 0; voxel < ratios.length; voxel++) {
    const weight = weights[voxel] as number;
    if (!(weight > 0)) continue;
    for (let row = 0; row < count; row++) {
      const line = rows[row] as Float64Array;
      const weighted = weight * (sample.terms[voxel * count + row] as number);
      for (let column = 0; column < count; column++) {
        line[column] = (line[column] as number) + weighted * (sample.terms[voxel * count + column] as number);
      }
      line[count] = (line[count] as number) + weighted * (ratios[voxel] as number);
    }
  }
  return solve(rows);
}

/** The factor at each voxel of a sample. */
export function shadingAt(sample: Sample, shading: Shading): Float64Array {
  const count = TERMS.length;
  return Float64Array.from(sample.positions, (_, voxel) => {
    let factor = 0;
    for (let term = 0; term < count; term++) {
      factor += (sample.terms[voxel * count + term] as number) * (shading[term] as number);
    }
    return atLeast(factor);
  });
}

/** The values without the shading. */
export function withoutShading(values: Float32Array, dimensions: Dimensions, shading: Shading): Float32Array {
  const [nx, ny, nz] = dimensions;
  const [one, x1, x2, y1, xy, y2, z1, xz, yz, z2] = shading as unknown as Ten;
  const result = new Float32Array(values.length);
  for (let k = 0, at = 0; k < nz; k++) {
    const z = coordinate(k, nz);
    for (let j = 0; j < ny; j++) {
      const y = coordinate(j, ny);
      const constant = one + y1 * y + y2 * y * y + z1 * z + yz * y * z + z2 * z * z;
      const linear = x1 + xy * y + xz * z;
      for (let i = 0; i < nx; i++, at++) {
        const x = coordinate(i, nx);
        result[at] = (values[at] as number) / atLeast(constant + linear * x + x2 * x * x);
      }
    }
  }
  return result;
}

type Ten = readonly [number, number, number, number, number, number, number, number, number, number];

/** From −1 to 1, so that the sums of all terms are of one size. */
const coordinate = (at: number, length: number) => (2 * at) / length - 1;

/** Far from where anything was seen a polynomial may be anything. */
const atLeast = (factor: number) => Math.max(0.2, factor);
