import type { Histogram } from '../grid/histogram.ts';
import type { Anchors } from './anchors.ts';

/** White and grey matter have to be as many standard deviations apart. */
const LEAST_CONTRAST = 2;
/** Which share of a brain mask may be brighter than the cut between grey and white. */
const WHITE_SHARE = { from: 0.15, to: 0.75 };

/**
 * @param ofMask the brightness of every voxel in the brain mask
 * @returns why these means cannot be those of the tissues, as a clause; null where they can
 */
export function whyAnchorsFail(anchors: Anchors | null, ofMask: Histogram): string | null {
  if (!anchors) return 'the model of structures sees too little white matter or cortex';
  const { csf, grey, white, noise } = anchors;
  if (!(csf < grey && grey < white)) return 'grey matter would not lie between fluid and white matter';
  if (!(white - grey >= LEAST_CONTRAST * noise)) {
    return `white and grey matter would be less than ${LEAST_CONTRAST} standard deviations apart`;
  }
  const brighter = 1 - ofMask.shareUpTo((grey + white) / 2);
  if (brighter < WHITE_SHARE.from || brighter > WHITE_SHARE.to) {
    return `${Math.round(100 * brighter)} % of the brain would be white matter`;
  }
  return null;
}
