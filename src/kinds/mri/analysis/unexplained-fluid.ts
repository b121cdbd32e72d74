import type { Dimensions } from '../volume/volume.ts';
import { components } from './grid/components.ts';
import { erode, type Mask } from './grid/morphology.ts';
import { type Midline, mirrorOf } from './midline.ts';
import { fluidStructures, modelLabels, tissueCodes } from './structures.ts';

/** Millimetres below the surface of the brain where fluid is no longer that of its furrows. */
const DEPTH = 8;
/** Which share of a component has to be that deep: what reaches the surface is a furrow. */
const DEEP = 0.9;
/** Voxels of a component; smaller ones are noise, or spaces around vessels. */
const SMALLEST = 150;
/** Which share of a component has to be ventricle, or to have fluid on the other side, to be explained. */
const EXPLAINED = 0.25;

/**
 * Fluid deep in the brain that is neither where a model sees ventricles nor the mirror image of fluid on the other side, as a
 * cavity or an old stroke would show. It is not looked for: it tells that the numbers are of an unusual head.
 * @returns voxels
 */
export function unexplainedFluid(
  tissue: Uint8Array,
  structures: Uint8Array,
  mask: Mask,
  dimensions: Dimensions,
  midline: Midline,
): number {
  const [nx, ny] = dimensions;
  const deep = erode(mask, dimensions, DEPTH);
  const fluid = tissue.map((code) => (code === tissueCodes.csf ? 1 : 0));
  const { numbers, sizes } = components(fluid, dimensions);
  const deepest = new Float64Array(sizes.length);
  const explained = new Float64Array(sizes.length);
  const isVentricle = fluidStructures.map((name) => modelLabels[name]);
  const mirror = mirrorOf(midline, dimensions);
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at] as number;
    if (number === 0) continue;
    deepest[number] = (deepest[number] as number) + (deep[at] as number);
    const other = mirror(at % nx, Math.trunc(at / nx) % ny, Math.trunc(at / (nx * ny)));
    const hasTwin = tissue[other] === tissueCodes.csf;
    if (hasTwin || isVentricle.includes(structures[at] as number)) {
      explained[number] = (explained[number] as number) + 1;
    }
  }
  return sizes.reduce((sum, size, number) => {
    const isDeep = size >= SMALLEST && (deepest[number] as number) >= DEEP * size;
    return isDeep && (explained[number] as number) < EXPLAINED * size ? sum + size : sum;
  }, 0);
}
