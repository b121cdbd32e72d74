import type { Dimensions } from '../../volume/volume.ts';
import { Histogram } from '../grid/histogram.ts';
import type { Mask } from '../grid/morphology.ts';
import { type Anchors, anchorsFrom } from './anchors.ts';
import { whyAnchorsFail } from './check-anchors.ts';
import { fitMixture } from './mixture.ts';
import { classify } from './potts.ts';

export interface TissueSegmentation {
  path: 'anchored' | 'mixture';
  /** Why the anchors were not used, as a clause. */
  anchors_fail: string | null;
  means: Anchors;
  /** Codes of `tissueCodes`; 0 outside the mask. */
  classes: Uint8Array;
  /** The same by the other path, or by the mixture as the second of two anchors; null where there is none. */
  otherwise: Uint8Array | null;
}

/** Tells the tissues apart within the brain mask: by the anchors of a model of structures where they hold, else by a mixture. */
export function segmentTissue(
  values: Float32Array,
  mask: Mask,
  structures: Uint8Array,
  dimensions: Dimensions,
): TissueSegmentation {
  const anchors = anchorsFrom(values, structures, dimensions);
  const fail = whyAnchorsFail(
    anchors,
    Histogram.of(values, (at) => mask[at] === 1),
  );
  const mixture = fitMixture(values, mask, dimensions);
  const mixed = classify(mixture.values, mask, dimensions, mixture, mixture.noise);
  if (fail !== null || !anchors) {
    const { values: _, ...means } = mixture;
    return { path: 'mixture', anchors_fail: fail, means, classes: mixed, otherwise: null };
  }
  const classes = classify(values, mask, dimensions, anchors, anchors.noise);
  return { path: 'anchored', anchors_fail: null, means: anchors, classes, otherwise: mixed };
}
