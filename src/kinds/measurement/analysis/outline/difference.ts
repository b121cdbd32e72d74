import type { Raster } from '../raster.ts';
import { type Background, backgroundAt } from './background.ts';

/** How far each pixel's colour is from the empty table's. */
export interface Difference {
  width: number;
  height: number;
  values: Float32Array;
  /** What the table itself shows: the median of its pixels. */
  noise: number;
}

/** Distance in sRGB values, smoothed over three by three pixels. */
export function differenceFrom(background: Background, { width, height, data }: Raster): Difference {
  const raw = new Float32Array(width * height);
  const table = new Float64Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      backgroundAt(background, (x + 0.5) / width, (y + 0.5) / height, table);
      raw[at] = Math.hypot(
        (data[at * 3] as number) - (table[0] as number),
        (data[at * 3 + 1] as number) - (table[1] as number),
        (data[at * 3 + 2] as number) - (table[2] as number),
      );
    }
  }
  const values = smooth(raw, width, height);
  return { width, height, values, noise: tableNoise(values) };
}

function smooth(values: Float32Array, width: number, height: number): Float32Array {
  const rows = new Float32Array(values.length);
  const both = new Float32Array(values.length);
  const pass = (
    from: Float32Array,
    to: Float32Array,
    step: number,
    last: (at: number) => boolean,
    first: (at: number) => boolean,
  ) => {
    for (let at = 0; at < from.length; at++) {
      const before = first(at) ? at : at - step;
      const after = last(at) ? at : at + step;
      to[at] = ((from[before] as number) + 2 * (from[at] as number) + (from[after] as number)) / 4;
    }
  };
  pass(
    values,
    rows,
    1,
    (at) => at % width === width - 1,
    (at) => at % width === 0,
  );
  pass(
    rows,
    both,
    width,
    (at) => at >= (height - 1) * width,
    (at) => at < width,
  );
  return both;
}

/** Median of those under four times the median, until that is the median: objects are left out by and by. */
function tableNoise(values: Float32Array): number {
  const counts = new Uint32Array(4096);
  for (const value of values) {
    const bin = Math.min(4095, Math.round(value * 8));
    counts[bin] = (counts[bin] as number) + 1;
  }
  let limit = 4096;
  let median = 0;
  for (let round = 0; round < 8; round++) {
    let total = 0;
    for (let i = 0; i < limit; i++) total += counts[i] as number;
    let seen = 0;
    median = 0;
    while (median < limit && seen + (counts[median] as number) < total / 2)
      seen += counts[median++] as number;
    limit = Math.min(limit, Math.max(8, 4 * (median + 1)));
  }
  return Math.max(1, median) / 8;
}
