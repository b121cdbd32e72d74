import type { Dimensions } from '../../volume/volume.ts';
import { Histogram } from '../grid/histogram.ts';
import { erode, type Mask } from '../grid/morphology.ts';
import { modelLabels } from '../structures.ts';

/** How bright each tissue is, in grey values of the conformed volume. */
export interface TissueMeans {
  white: number;
  grey: number;
  csf: number;
}

export interface Anchors extends TissueMeans {
  /** Standard deviation within white matter. */
  noise: number;
}

/** The smoothing of the histogram whose mode is the mean of grey matter, in grey values. */
const MODE_SIGMA = 2;
/** Fewer voxels than this of white or grey matter say nothing. */
const FEWEST = 1000;

/**
 * The means of the tissues, from where a model sees white matter and cortex: white matter is the median of its twice eroded
 * voxels, grey matter the histogram's mode of cortex, and fluid is as much darker than grey as T1 makes it.
 * @returns null where the model sees too little of either
 */
export function anchorsFrom(
  values: Float32Array,
  structures: Uint8Array,
  dimensions: Dimensions,
): Anchors | null {
  const white = erodeTwice(
    maskOf(structures, ['cerebral_white_matter', 'cerebellar_white_matter']),
    dimensions,
  );
  const cortex = maskOf(structures, ['cerebral_cortex', 'cerebellar_cortex']);
  const ofWhite = Histogram.of(values, (at) => white[at] === 1);
  const ofCortex = Histogram.of(values, (at) => cortex[at] === 1);
  if (ofWhite.total < FEWEST || ofCortex.total < FEWEST) return null;
  const mean = { white: ofWhite.median(), grey: ofCortex.mode(MODE_SIGMA) };
  return { ...mean, csf: fluidOf(mean), noise: ofWhite.deviation() };
}

/** @see the requirement: CSF = GM − 1.6 (WM − GM) */
export const fluidOf = ({ white, grey }: Omit<TissueMeans, 'csf'>): number => grey - 1.6 * (white - grey);

const erodeTwice = (mask: Mask, dimensions: Dimensions) => erode(erode(mask, dimensions, 1), dimensions, 1);

function maskOf(structures: Uint8Array, names: readonly (keyof typeof modelLabels)[]): Mask {
  const labels = names.map((name) => modelLabels[name]);
  return structures.map((label) => (labels.includes(label) ? 1 : 0));
}
