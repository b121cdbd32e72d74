import type { Dimensions } from '../volume/volume.ts';
import { boxAround } from './grid/box.ts';
import { Histogram } from './grid/histogram.ts';
import { erode, type Mask } from './grid/morphology.ts';

/** Millimetres from the top of the mask that are looked at: further down it may have taken in neck and face. */
const UPPER = 90;
/** Millimetres of the brain that count as its outside: cortex and the fluid in its furrows. */
const OUTSIDE = 4;
/** How bright the outside may be, at most, in relation to the depth. */
const OUTSIDE_TO_DEPTH = 0.98;
/** How many times as far from the median the darkest of the depth have to be as its brightest. */
const DARKEST_TO_BRIGHTEST = 1.25;

/** What tells T1 from other weightings within the brain mask, without asking which tissue is where. */
export interface T1Signs {
  /** The brightness below which three quarters of the outermost 4 mm lie, and of what is deeper: skull and fluid are darker. */
  outside: number;
  depth: number;
  /** How far the darkest and the brightest 2 % of the depth are from its median. */
  darkest: number;
  brightest: number;
}

/** @param mask of the brain; the second axis goes downwards */
export function t1Signs(values: Float32Array, mask: Mask, dimensions: Dimensions): T1Signs {
  const deep = erode(mask, dimensions, OUTSIDE);
  const [nx, ny] = dimensions;
  const end = (boxAround(mask, dimensions)?.from[1] ?? 0) + UPPER;
  const isUpper = (at: number) => Math.trunc(at / nx) % ny < end;
  const outside = Histogram.of(values, (at) => mask[at] === 1 && deep[at] === 0 && isUpper(at));
  const depth = Histogram.of(values, (at) => deep[at] === 1 && isUpper(at));
  const median = depth.median();
  return {
    outside: outside.quantile(0.75),
    depth: depth.quantile(0.75),
    darkest: median - depth.quantile(0.02),
    brightest: depth.quantile(0.98) - median,
  };
}

/**
 * @returns what of the rule a volume breaks, as a clause after "it is no T1-weighted image:", or null where it is one: the outermost
 * 4 mm are darker than the depth, and what is in the ventricles is darkest
 */
export function whyNotT1({ outside, depth, darkest, brightest }: T1Signs): string | null {
  if (!(outside <= OUTSIDE_TO_DEPTH * depth)) {
    return 'the outermost 4 mm of the brain are not darker than its depth, as grey matter is in T1';
  }
  if (!(darkest > DARKEST_TO_BRIGHTEST * brightest))
    return 'fluid is not the darkest part of the brain, as it is in T1';
  return null;
}
