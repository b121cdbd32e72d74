import type { StoredVolume } from '../volume.ts';

/** How a value of the conformed volume is told in the units of the file: `low + value / scale`. */
export interface Scaling {
  low: number;
  scale: number;
}

const BINS = 1000;
/** The share of the voxels with a signal that may be brighter than 255: vessels, and fat beside the coil. */
const BRIGHTEST = 0.001;

/**
 * What takes the values of a file to 0–255, as FreeSurfer's conform does: the lowest becomes 0, and 255 is where but a thousandth of
 * the voxels that are not 0 are brighter.
 */
export function scalingToBytes({ data, slope, intercept }: StoredVolume): Scaling {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let signal = 0;
  let numbers = 0;
  for (let n = 0; n < data.length; n++) {
    const value = (data[n] as number) * slope + intercept;
    if (!Number.isFinite(value)) continue;
    numbers++;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value !== 0) signal++;
  }
  if (!(high > low)) return { low: Number.isFinite(low) ? low : 0, scale: 0 };
  const width = (high - low) / BINS;
  const histogram = new Uint32Array(BINS);
  for (let n = 0; n < data.length; n++) {
    const value = (data[n] as number) * slope + intercept;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - low) / width));
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  const enough = numbers - Math.floor(BRIGHTEST * signal);
  let below = 0;
  let bin = 0;
  while (bin < BINS && below + (histogram[bin] as number) < enough) below += histogram[bin++] as number;
  const top = low + Math.max(1, bin - 1) * width;
  return { low, scale: 255 / (top - low) };
}
