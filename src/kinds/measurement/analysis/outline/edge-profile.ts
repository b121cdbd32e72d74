import type { Point } from '../../outcome.ts';
import { lightOf, type Raster, sampleColour, srgbOf } from '../raster.ts';

/** Where and how colours change along a short line across an outline. */
export interface Edge {
  /** Of the place half way between both colours, from the line's middle, outwards positive; pixels. */
  offset: number;
  /** Distance over which the change goes from 20 to 80 percent. */
  width: number;
  /** Between the colours at both ends, in sRGB values. */
  contrast: number;
}

const STEPS_A_PIXEL = 2;
/** Share of the line at each end that tells the colour there. */
const END = 0.25;

/**
 * Looks along a line from `reach` inside to `reach` outside. The edge is where the light, projected on the line
 * between that of both ends, is half way: a lens blurs light, not sRGB values, so blur moves it neither in nor out
 * as long as the edge is straight.
 * Null where both ends look alike.
 */
export function edgeAcross(picture: Raster, [x, y]: Point, [nx, ny]: Point, reach: number): Edge | null {
  const count = 2 * Math.max(4, Math.round(reach * STEPS_A_PIXEL)) + 1;
  const step = (2 * reach) / (count - 1);
  const colours = new Float64Array(count * 3);
  const colour = new Float64Array(3);
  for (let i = 0; i < count; i++) {
    const t = -reach + i * step;
    sampleColour(picture, x + nx * t, y + ny * t, colour, lightOf);
    colours.set(colour, i * 3);
  }
  const end = Math.max(1, Math.round(count * END));
  const inside = meanOf(colours, 0, end);
  const outside = meanOf(colours, count - end, count);
  const axis = [0, 1, 2].map((c) => (outside[c] as number) - (inside[c] as number));
  const apart = Math.hypot(...axis);
  if (apart < 1e-6) return null;
  const signal = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let dot = 0;
    for (let c = 0; c < 3; c++)
      dot += ((colours[i * 3 + c] as number) - (inside[c] as number)) * (axis[c] as number);
    signal[i] = dot / (apart * apart);
  }
  const half = nearestCrossing(signal, 0.5, (count - 1) / 2);
  if (half === null) return null;
  const low = lastBefore(signal, 0.2, half);
  const high = firstAfter(signal, 0.8, half);
  return { offset: -reach + half * step, width: (high - low) * step, contrast: contrastOf(inside, outside) };
}

function contrastOf(inside: readonly number[], outside: readonly number[]): number {
  return Math.hypot(...inside.map((light, c) => srgbOf(light) - srgbOf(outside[c] as number)));
}

function meanOf(colours: Float64Array, from: number, to: number): number[] {
  return [0, 1, 2].map((c) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += colours[i * 3 + c] as number;
    return sum / (to - from);
  });
}

/** Upward crossing of `level` nearest to `middle`, in steps. */
function nearestCrossing(signal: Float64Array, level: number, middle: number): number | null {
  let best: number | null = null;
  for (let i = 0; i + 1 < signal.length; i++) {
    const [a, b] = [signal[i] as number, signal[i + 1] as number];
    if (a > level || b <= level) continue;
    const at = i + (level - a) / (b - a);
    if (best === null || Math.abs(at - middle) < Math.abs(best - middle)) best = at;
  }
  return best;
}

function lastBefore(signal: Float64Array, level: number, from: number): number {
  for (let i = Math.floor(from); i >= 0; i--) {
    const [a, b] = [signal[i] as number, signal[i + 1] ?? (signal[i] as number)];
    if (a <= level) return b > a ? i + Math.min(1, (level - a) / (b - a)) : i;
  }
  return 0;
}

function firstAfter(signal: Float64Array, level: number, from: number): number {
  for (let i = Math.ceil(from); i < signal.length; i++) {
    const [a, b] = [signal[i - 1] ?? (signal[i] as number), signal[i] as number];
    if (b >= level) return b > a ? i - 1 + Math.max(0, (level - a) / (b - a)) : i;
  }
  return signal.length - 1;
}
