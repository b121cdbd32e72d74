/**
 * Cubic Hermite interpolation with tangents from finite differences, for uneven times (Catmull–Rom where they are
 * even): exact for straight lines, continuous in slope.
 * @param times ascending, no two the same; as many as `values`, 2 or more
 * @param at ascending, within the first and the last of `times` (held at the ends)
 */
export function resample(times: Float64Array, values: Float64Array, at: Float64Array): Float64Array {
  const slopes = tangents(times, values);
  const result = new Float64Array(at.length);
  let k = 0;
  for (let i = 0; i < at.length; i++) {
    const t = Math.min(Math.max(at[i] as number, times[0] as number), times.at(-1) as number);
    while (k < times.length - 2 && t > (times[k + 1] as number)) k++;
    const h = (times[k + 1] as number) - (times[k] as number);
    const u = (t - (times[k] as number)) / h;
    const [v0, v1] = [values[k] as number, values[k + 1] as number];
    const [m0, m1] = [(slopes[k] as number) * h, (slopes[k + 1] as number) * h];
    result[i] = v0 + u * (m0 + u * (3 * (v1 - v0) - 2 * m0 - m1 + u * (2 * (v0 - v1) + m0 + m1)));
  }
  return result;
}

function tangents(times: Float64Array, values: Float64Array): Float64Array {
  const n = times.length;
  const secant = (k: number) =>
    ((values[k + 1] as number) - (values[k] as number)) / ((times[k + 1] as number) - (times[k] as number));
  return Float64Array.from({ length: n }, (_, k) => {
    if (k === 0) return secant(0);
    if (k === n - 1) return secant(n - 2);
    const before = (times[k] as number) - (times[k - 1] as number);
    const after = (times[k + 1] as number) - (times[k] as number);
    return (secant(k - 1) * after + secant(k) * before) / (before + after);
  });
}

/** As many evenly spaced times from the first to the last. */
export function evenTimes(times: Float64Array): Float64Array {
  const first = times[0] as number;
  const step = ((times.at(-1) as number) - first) / Math.max(1, times.length - 1);
  return Float64Array.from(times, (_, k) => first + k * step);
}

/** Whether steps differ by no more than 2 ms (what containers round to) or a tenth of the mean step. */
export function isEven(times: Float64Array): boolean {
  if (times.length < 3) return true;
  const step = ((times.at(-1) as number) - (times[0] as number)) / (times.length - 1);
  const allowed = Math.max(0.002, step / 10);
  for (let k = 1; k < times.length; k++) {
    if (Math.abs((times[k] as number) - (times[k - 1] as number) - step) > allowed) return false;
  }
  return true;
}
