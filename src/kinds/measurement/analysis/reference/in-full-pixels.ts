import type { Point } from '../../outcome.ts';
import { multiply } from '../plane/homography.ts';
import type { ReferencePlane } from './plane.ts';

/** How many stored pixels one of the picture looked at stands for, across and down. */
export type PixelFactor = readonly [x: number, y: number];

export const enlarged = ([x, y]: Point, [fx, fy]: PixelFactor): Point => [x * fx, y * fy];

/** The same plane for the image as it is stored. */
export function inFullPixels(reference: ReferencePlane, factor: PixelFactor): ReferencePlane {
  const large = (points: readonly Point[]) => points.map((point) => enlarged(point, factor));
  const h = multiply(reference.homography, [1 / factor[0], 0, 0, 0, 1 / factor[1], 0, 0, 0, 1]);
  return {
    ...reference,
    found: { ...reference.found, corners: large(reference.found.corners) },
    homography: h.map((value) => value / (h[8] as number)),
    image: large(reference.image),
    error: reference.error * Math.max(...factor),
    zones: reference.zones.map(large),
    drift: (pixels) => reference.drift(pixels / Math.max(...factor)),
  };
}
