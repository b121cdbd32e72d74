import type { StoredVolume } from './volume.ts';

/** Looked at is one voxel in so many; a head has some ten million. */
const LOOKED_AT = 200_000;

/**
 * Whether the values are Hounsfield units: air at −1000 and soft tissue about 0, which no MRI has. A CT that was shifted to numbers
 * above 0 is not known by this.
 */
export function looksLikeCt({ data, slope, intercept }: StoredVolume): boolean {
  const step = Math.max(1, Math.floor(data.length / LOOKED_AT));
  let looked = 0;
  let air = 0;
  let tissue = 0;
  for (let n = 0; n < data.length; n += step) {
    const value = (data[n] as number) * slope + intercept;
    looked++;
    if (value >= -1100 && value <= -900) air++;
    if (value >= -100 && value <= 100 && value !== 0) tissue++;
  }
  return air / looked > 0.05 && tissue / looked > 0.03;
}
