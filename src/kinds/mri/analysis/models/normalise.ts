import type { Normalisation } from './model-card.ts';

/** The models learned from cubes of so many voxels a side, and their quantiles are those of such a cube. */
const CUBE = 256 ** 3;
const GREY_VALUES = 256;

/** What is taken from each value, and what the difference is divided by. */
export interface Scale {
  low: number;
  range: number;
}

/**
 * The scale that a normalisation means for a conformed volume (whole numbers, 0–255). A volume smaller than the cube counts as
 * though it lay in the cube, with nothing around it.
 */
export function scaleOf(values: Float32Array, { low_quantile, high_quantile }: Normalisation): Scale {
  const counts = new Float64Array(GREY_VALUES);
  for (const value of values) {
    const grey = Math.max(0, Math.min(GREY_VALUES - 1, Math.round(value)));
    counts[grey] = (counts[grey] as number) + 1;
  }
  counts[0] = (counts[0] as number) + Math.max(0, CUBE - values.length);
  const total = Math.max(CUBE, values.length);
  const low = quantile(counts, low_quantile * (total - 1));
  const high = quantile(counts, high_quantile * (total - 1));
  return { low, range: Math.max(1, high - low) };
}

/** The grey value with this rank, interpolated between neighbours as NumPy does. */
function quantile(counts: Float64Array, rank: number): number {
  const low = ranked(counts, Math.floor(rank));
  return low + (rank - Math.floor(rank)) * (ranked(counts, Math.ceil(rank)) - low);
}

function ranked(counts: Float64Array, rank: number): number {
  let below = 0;
  for (let grey = 0; grey < counts.length; grey++) {
    below += counts[grey] as number;
    if (below > rank) return grey;
  }
  return counts.length - 1;
}
