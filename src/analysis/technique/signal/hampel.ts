import { median } from '../statistics.ts';

/** Scales the median absolute deviation to the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Replaces what stands out from its neighbours by their median: |x − median| > sigmas × 1.4826 × MAD within the
 * window (Hampel 1974; Pearson 2002). NaN is left alone and not counted. At the ends the window is what there is.
 * @param window frames, odd
 * @returns a new array, and how many values were replaced
 */
export function hampel(
  values: Float64Array,
  window = 7,
  sigmas = 3,
): { values: Float64Array; replaced: number } {
  const half = window >> 1;
  const filtered = values.slice();
  let replaced = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const near = Array.from(values.subarray(Math.max(0, i - half), i + half + 1)).filter(
      (v) => !Number.isNaN(v),
    );
    if (near.length <= half) continue;
    const middle = median(near);
    const spread = MAD_TO_SIGMA * median(near.map((v) => Math.abs(v - middle)));
    // The tiny allowance keeps rounding errors of an even movement from counting as outliers.
    if (Math.abs(value - middle) > sigmas * spread + 1e-6 * (1 + Math.abs(middle))) {
      filtered[i] = middle;
      replaced++;
    }
  }
  return { values: filtered, replaced };
}
