import type { Dimensions } from '../../volume/volume.ts';
import type { Mask } from '../grid/morphology.ts';
import type { TissueMeans } from './anchors.ts';

/** How much each of the six neighbours that is of another class costs, beside (distance to the mean / spread)² / 2. */
const BETA = 0.5;
const PASSES = 2;
/** Grey matter varies more than white does: its spread is at least this share of the contrast. */
const LEAST_SPREAD = 0.25;

/**
 * Tissue classes within a mask: the nearest mean first, so cut midway, then passes of a Potts prior over the six neighbours
 * (iterated conditional modes).
 * @returns codes of `tissueCodes`, 0 outside the mask
 */
export function classify(
  values: Float32Array,
  mask: Mask,
  dimensions: Dimensions,
  means: TissueMeans,
  noise: number,
): Uint8Array {
  const byCode = [means.white, means.grey, means.csf];
  const spread = Math.max(noise, LEAST_SPREAD * (means.white - means.grey));
  let classes = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    if (mask[at] === 1) classes[at] = nearest(values[at] as number, byCode);
  }
  for (let pass = 0; pass < PASSES; pass++) classes = smoothed(values, classes, dimensions, byCode, spread);
  return classes;
}

function nearest(value: number, means: readonly number[]): number {
  let best = 0;
  for (let code = 1; code < means.length; code++) {
    if (Math.abs(value - (means[code] as number)) < Math.abs(value - (means[best] as number))) best = code;
  }
  return best + 1;
}

function smoothed(
  values: Float32Array,
  classes: Uint8Array,
  [nx, ny, nz]: Dimensions,
  means: readonly number[],
  spread: number,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(classes.length);
  const slice = nx * ny;
  const agreeing = new Uint8Array(4);
  const scale = 1 / (2 * spread * spread);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (classes[at] === 0) continue;
        agreeing.fill(0);
        const count = (there: boolean, neighbour: number) => {
          if (!there) return;
          const code = classes[neighbour] as number;
          agreeing[code] = (agreeing[code] as number) + 1;
        };
        count(i > 0, at - 1);
        count(i < nx - 1, at + 1);
        count(j > 0, at - nx);
        count(j < ny - 1, at + nx);
        count(k > 0, at - slice);
        count(k < nz - 1, at + slice);
        let lowest = Number.POSITIVE_INFINITY;
        for (let code = 1; code <= 3; code++) {
          const distance = (values[at] as number) - (means[code - 1] as number);
          const energy = distance * distance * scale - BETA * (agreeing[code] as number);
          if (energy < lowest) {
            lowest = energy;
            result[at] = code;
          }
        }
      }
    }
  }
  return result;
}
