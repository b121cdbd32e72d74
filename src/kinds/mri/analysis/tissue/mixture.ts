import type { Dimensions } from '../../volume/volume.ts';
import { Histogram } from '../grid/histogram.ts';
import type { Mask } from '../grid/morphology.ts';
import { type Anchors, fluidOf } from './anchors.ts';
import { fitShading, type Sample, type Shading, sampleOf, shadingAt, withoutShading } from './shading.ts';

export interface Mixture extends Anchors {
  /** The values without the shading that was found along with the classes. */
  values: Float32Array;
}

/** Where the classes begin: shares of the mask's voxels below their means, with little fluid, some, and much. */
const STARTS = [
  [0.03, 0.3, 0.8],
  [0.1, 0.4, 0.82],
  [0.2, 0.55, 0.87],
] as const;
/** To convergence it drifts: the partly filled voxels between two classes become a class. */
const ROUNDS = 12;
/**
 * A shading has to set white and grey matter apart by so many times as much. One that does less follows the anatomy: white
 * matter is brighter in the depth.
 */
const LEAST_GAIN = 1.3;

/** A normal distribution and its share of the voxels. */
interface NormalClass {
  mean: number;
  deviation: number;
  share: number;
}
/** Fluid, grey, white: from dark to bright. Grey and white have one deviation, or one of them would take in the other. */
type Classes = [NormalClass, NormalClass, NormalClass];

interface Fit {
  start: Classes;
  classes: Classes;
  shading: Shading | null;
}

/**
 * Three normal distributions by a few rounds of expectation and maximisation within a mask, with the shading where there is one.
 * Fluid is then put where grey and white matter say, as for the anchored classes: its own class has the partly filled voxels.
 */
export function fitMixture(values: Float32Array, mask: Mask, dimensions: Dimensions): Mixture {
  const sample = sampleOf(mask, dimensions);
  const seen = Float64Array.from(sample.positions, (at) => values[at] as number);
  const histogram = Histogram.of(seen);
  const plain = STARTS.map((shares) => fitClasses(sample, seen, startOf(histogram, shares), false)).reduce(
    (best, fit) => (likelihood(seen, fit) > likelihood(seen, best) ? fit : best),
  );
  const shaded = fitClasses(sample, seen, plain.start, true);
  const { classes, shading } = separation(shaded) > LEAST_GAIN * separation(plain) ? shaded : plain;
  const [, grey, white] = classes;
  const means = { white: white.mean, grey: grey.mean };
  return {
    ...means,
    csf: fluidOf(means),
    noise: white.deviation,
    values: shading ? withoutShading(values, dimensions, shading) : values,
  };
}

function fitClasses(sample: Sample, seen: Float64Array, start: Classes, withShading: boolean): Fit {
  let flat = seen;
  let classes = start;
  let shading: Shading | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    classes = maximised(flat, classes);
    if (!withShading) continue;
    shading = shadingOf(sample, seen, flat, classes);
    const factors = shadingAt(sample, shading);
    flat = seen.map((value, voxel) => value / (factors[voxel] as number));
  }
  return { start, classes, shading };
}

function separation({ classes: [, grey, white] }: Fit): number {
  return (white.mean - grey.mean) / white.deviation;
}

/** The logarithm of how likely the values are; not comparable between values with and without shading. */
function likelihood(values: Float64Array, { classes }: Fit): number {
  return values.reduce(
    (sum, value) => sum + Math.log(densities(value, classes).reduce((a, b) => a + b, 1e-300)),
    0,
  );
}

function startOf(histogram: Histogram, shares: readonly number[]): Classes {
  const means = shares.map((share) => histogram.quantile(share));
  const deviation = Math.max(1, ((means[2] as number) - (means[1] as number)) / 3);
  return means.map((mean) => ({ mean, deviation, share: 1 / 3 })) as Classes;
}

function maximised(values: Float64Array, classes: Classes): Classes {
  const sums = classes.map(() => ({ weight: 0, first: 0, second: 0 }));
  for (const value of values) {
    const parts = memberships(value, classes);
    for (const [at, sum] of sums.entries()) {
      const part = parts[at] as number;
      sum.weight += part;
      sum.first += part * value;
      sum.second += part * value * value;
    }
  }
  const own = sums.map(({ weight, first, second }) => {
    const mean = first / weight;
    return { mean, weight, variance: Math.max(1, second / weight - mean * mean) };
  });
  const [fluid, grey, white] = own as [(typeof own)[number], (typeof own)[number], (typeof own)[number]];
  const common = (grey.variance * grey.weight + white.variance * white.weight) / (grey.weight + white.weight);
  return [fluid, grey, white].map(({ mean, weight, variance }, at) => ({
    mean,
    deviation: Math.sqrt(at === 0 ? variance : common),
    share: weight / values.length,
  })) as Classes;
}

/** How much of a value each class explains; together 1. */
function memberships(value: number, classes: Classes): [number, number, number] {
  const parts = densities(value, classes);
  const whole = parts.reduce((sum, part) => sum + part, 1e-300);
  return parts.map((part) => part / whole) as [number, number, number];
}

function densities(value: number, classes: Classes): number[] {
  return classes.map(
    ({ mean, deviation, share }) => (share / deviation) * Math.exp(-(((value - mean) / deviation) ** 2) / 2),
  );
}

/** Fluid says nothing of the shading: it is too dark. */
function shadingOf(sample: Sample, seen: Float64Array, flat: Float64Array, classes: Classes): Shading {
  const [, { mean: greyMean }, { mean: whiteMean }] = classes;
  const ratios = new Float64Array(seen.length);
  const weights = new Float64Array(seen.length);
  for (const [voxel, value] of flat.entries()) {
    const [, grey, white] = memberships(value, classes);
    if (grey + white < 0.01) continue;
    const expected = (grey * greyMean + white * whiteMean) / (grey + white);
    ratios[voxel] = (seen[voxel] as number) / expected;
    weights[voxel] = (grey + white) * expected ** 2;
  }
  return fitShading(sample, ratios, weights);
}
