import type { Dimensions } from '../../../src/kinds/mri/volume/volume.ts';

/** A head of 96 mm: brain with ventricles, fluid, skull and scalp, as shells around the middle. */
export const side = 96;
export const size: Dimensions = [side, side, side];
export const middle = (side - 1) / 2;
export const [AIR, WHITE, GREY, CSF, SKULL, SCALP] = [0, 1, 2, 3, 4, 5];
/** What is at a voxel of the white matter instead of it. */
export type Spot = (i: number, j: number, k: number) => number | undefined;

export const shellHead = (spot: Spot = () => undefined) =>
  Uint8Array.from({ length: side ** 3 }, (_, at) => {
    const [i, j, k] = [at % side, Math.trunc(at / side) % side, Math.trunc(at / side ** 2)];
    const radius = Math.hypot(i - middle, j - middle, k - middle);
    const isVentricle = Math.hypot(Math.abs(i - middle) - 8, j - middle, (k - middle) / 2) < 6;
    const usual =
      [
        [47, AIR],
        [45, SCALP],
        [41, SKULL],
        [38.5, CSF],
        [33, GREY],
      ].find(([beyond]) => radius > (beyond as number))?.[1] ?? WHITE;
    return (radius < 33 ? spot(i, j, k) : undefined) ?? (isVentricle ? CSF : usual);
  });

export const shown = (tissues: Uint8Array, brightness: readonly number[]) =>
  Float32Array.from(tissues, (code) => brightness[code] as number);
/** How bright each of them is, by the weighting. */
export const T1 = [0, 200, 150, 60, 30, 220];
export const T2 = [0, 90, 120, 230, 20, 110];
export const PD = [0, 110, 135, 120, 20, 130];
export const CT = [0, 104, 107, 96, 250, 100];
