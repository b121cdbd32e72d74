import type { MeasuredObject, MeasureOutcome, Point } from '../outcome.ts';
import { apply, type Homography, inverse } from './plane/homography.ts';
import { type Raster, sampleColour } from './raster.ts';

/** The plane as seen from straight above. */
export interface RectifiedView {
  raster: Raster;
  /** From image pixels to pixels of the view. */
  map: Homography;
  px_per_mm: number;
}

/** Of the view's longer side. */
const LONGEST = 1600;
/** Millimetres shown around what was measured, as a share of it. */
const MARGIN = 0.08;

/**
 * The part of the plane that holds reference and objects, each pixel looked up in the picture. Null without a scale,
 * or where that part is too long for its width to be shown.
 * @param factor stored pixels a pixel of `picture` stands for, across and down
 */
export function rectifiedView(
  picture: Raster,
  { scale, reference, objects }: MeasureOutcome,
  factor: readonly [number, number],
): RectifiedView | null {
  if (!scale || !reference) return null;
  const shown = [...reference.corners, ...objects.flatMap(({ outline }: MeasuredObject) => outline)];
  const flat = shown.map((point) => apply(scale.homography, point));
  const [left, right] = rangeOf(flat.map(([x]) => x));
  const [top, bottom] = rangeOf(flat.map(([, y]) => y));
  const margin = MARGIN * Math.max(right - left, bottom - top);
  const [wideMm, highMm] = [right - left + 2 * margin, bottom - top + 2 * margin];
  const perMm = Math.min(scale.px_per_mm, LONGEST / Math.max(wideMm, highMm));
  const [width, height] = [Math.round(wideMm * perMm), Math.round(highMm * perMm)];
  const back = inverse(scale.homography);
  if (!back || !(width >= 8 && height >= 8 && width <= LONGEST + 1 && height <= LONGEST + 1)) return null;
  const data = new Uint8Array(width * height * 3);
  const colour = new Float64Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const place: Point = [left - margin + (x + 0.5) / perMm, top - margin + (y + 0.5) / perMm];
      const [u, v] = apply(back, place);
      const [p, q] = [u / factor[0], v / factor[1]];
      if (!(p >= 0 && q >= 0 && p <= picture.width && q <= picture.height)) continue;
      sampleColour(picture, p, q, colour);
      for (let c = 0; c < 3; c++) data[at + c] = Math.round(colour[c] as number);
    }
  }
  const map = scale.homography;
  const row = (i: number, shift: number) =>
    [0, 1, 2].map((k) => ((map[i * 3 + k] as number) - shift * (map[6 + k] as number)) * perMm);
  return {
    raster: { width, height, data },
    map: [...row(0, left - margin), ...row(1, top - margin), ...map.slice(6)],
    px_per_mm: perMm,
  };
}

function rangeOf(values: readonly number[]): [number, number] {
  return [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}
