import { lightOf, type Raster } from '../raster.ts';
import { type Background, backgroundAt } from './background.ts';
import { type Component, componentsOf } from './components.ts';

/** Light a shadow lets through, as a share; and by how much its colours may differ from the table's. */
const DARKEST = 0.08;
const LIGHTEST = 0.92;
const TINT = 0.15;
/** Colour distance from the object's own colour under which it is no shadow on the table, but the object. */
const OWN = 36;

/**
 * Pixels of the largest part of a patch that looks like the table with less light on it, and not like the rest of
 * the patch: a shadow with a sharp edge is taken for part of its object otherwise. The blurred rim of any dark thing
 * looks so, too, and is peeled off.
 * @param rim how many pixels to peel off
 */
export function shadowArea(
  picture: Raster,
  background: Background,
  { pixels }: Component,
  rim: number,
): number {
  const { width, height, data } = picture;
  const own = [0, 1, 2].map((c) => {
    const sorted = Uint8Array.from(pixels, (at) => data[at * 3 + c] as number).sort();
    return sorted[sorted.length >> 1] as number;
  });
  const table = new Float64Array(3);
  const isShadow = (at: number) => {
    const x = at % width;
    backgroundAt(background, (x + 0.5) / width, ((at - x) / width + 0.5) / height, table);
    let [low, high, apart] = [Infinity, 0, 0];
    for (let c = 0; c < 3; c++) {
      const value = data[at * 3 + c] as number;
      const lit = lightOf[Math.min(255, Math.max(0, Math.round(table[c] as number)))] as number;
      const share = (lightOf[value] as number) / Math.max(lit, 0.001);
      low = Math.min(low, share);
      high = Math.max(high, share);
      apart += (value - (own[c] as number)) ** 2;
    }
    return low > DARKEST && high < LIGHTEST && high - low < TINT * high && apart > OWN * OWN;
  };
  let left = pixels.filter(isShadow);
  const isIn = new Uint8Array(width * height);
  for (const at of left) isIn[at] = 1;
  for (let round = 0; round < rim; round++) {
    const inner = left.filter((at) => isIn[at - 1] && isIn[at + 1] && isIn[at - width] && isIn[at + width]);
    for (const at of left) isIn[at] = 0;
    for (const at of inner) isIn[at] = 1;
    left = inner;
  }
  return componentsOf(width, height, (at) => isIn[at] === 1, 1, left).reduce(
    (most, part) => Math.max(most, part.pixels.length),
    0,
  );
}
