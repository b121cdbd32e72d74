/** A second-order section: y[n] = b0·x[n] + b1·x[n−1] + b2·x[n−2] − a1·y[n−1] − a2·y[n−2]. */
export interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/**
 * A filter run forwards and backwards is down by 3 dB twice at its cut-off. Winter's correction raises the
 * cut-off of the single pass so that the two together are down by 3 dB where the caller asked:
 * C = (2^(1/passes) − 1)^(1/4) = 0.802 for two passes of second order (D. A. Winter, Biomechanics and Motor Control
 * of Human Movement, chapter 3; Robertson and Dowling 2003, Journal of Electromyography and Kinesiology 13:569–573).
 */
const TWO_PASSES = (Math.SQRT2 - 1) ** 0.25;

/**
 * Second-order Butterworth low-pass by the bilinear transform with pre-warping, corrected for two passes; the two
 * make the fourth-order zero-phase filter of sports biomechanics.
 * @param cutoff −3 dB of both passes together, as a fraction of the sampling rate, above 0 and below 0.5
 */
export function lowPass(cutoff: number): Biquad {
  if (!(cutoff > 0 && cutoff < 0.5))
    throw new RangeError(`A cut-off of ${cutoff} of the sampling rate cannot be filtered.`);
  const w = Math.tan(Math.PI * cutoff) / TWO_PASSES;
  const scale = 1 + Math.SQRT2 * w + w * w;
  const b0 = (w * w) / scale;
  return { b0, b1: 2 * b0, b2: b0, a1: (2 * (w * w - 1)) / scale, a2: (1 - Math.SQRT2 * w + w * w) / scale };
}

/**
 * Forwards, then backwards: no phase shift. The ends are continued by their reflection through the last point
 * (as SciPy's `filtfilt` does), so that a movement cut off by the end of a video is not bent towards rest.
 * @param values evenly sampled, no NaN
 */
export function zeroPhase(values: Float64Array, cutoff: number): Float64Array {
  const n = values.length;
  if (n < 2) return values.slice();
  const filter = lowPass(cutoff);
  const pad = Math.min(n - 1, Math.max(9, Math.ceil(2 / cutoff)));
  const first = values[0] as number;
  const last = values[n - 1] as number;
  const extended = new Float64Array(n + 2 * pad);
  extended.set(values, pad);
  for (let i = 1; i <= pad; i++) {
    extended[pad - i] = 2 * first - (values[i] as number);
    extended[pad + n - 1 + i] = 2 * last - (values[n - 1 - i] as number);
  }
  onePass(extended, filter);
  extended.reverse();
  onePass(extended, filter);
  extended.reverse();
  return extended.slice(pad, pad + n);
}

/** In place, begun as if the first value had always been there. */
function onePass(values: Float64Array, { b0, b1, b2, a1, a2 }: Biquad): void {
  const rest = values[0] as number;
  let [x1, x2, y1, y2] = [rest, rest, rest, rest];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    values[i] = y;
  }
}
