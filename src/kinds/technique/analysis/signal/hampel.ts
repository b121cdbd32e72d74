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
  // Sorted in place over and over: this runs for every coordinate of every frame.
  const near = new Float64Array(window);
  let replaced = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    let count = 0;
    for (let k = Math.max(0, i - half); k <= Math.min(values.length - 1, i + half); k++) {
      if (!Number.isNaN(values[k])) near[count++] = values[k] as number;
    }
    if (count <= half) continue;
    const middle = medianOfFirst(near, count);
    for (let k = 0; k < count; k++) near[k] = Math.abs((near[k] as number) - middle);
    const spread = MAD_TO_SIGMA * medianOfFirst(near, count);
    // The tiny allowance keeps rounding errors of an even movement from counting as outliers.
    if (Math.abs(value - middle) > sigmas * spread + 1e-6 * (1 + Math.abs(middle))) {
      filtered[i] = middle;
      replaced++;
    }
  }
  return { values: filtered, replaced };
}

/** Sorts the first `count` values by insertion, quickest for a handful, and returns their median. */
function medianOfFirst(values: Float64Array, count: number): number {
  for (let i = 1; i < count; i++) {
    const value = values[i] as number;
    let k = i - 1;
    for (; k >= 0 && (values[k] as number) > value; k--) values[k + 1] = values[k] as number;
    values[k + 1] = value;
  }
  const upper = values[count >> 1] as number;
  return count % 2 === 1 ? upper : ((values[(count >> 1) - 1] as number) + upper) / 2;
}
