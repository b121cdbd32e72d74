import { solveLinear } from '../../geometry/solve-linear.ts';
import type { Raster } from '../raster.ts';
import { median } from './median.ts';

/** The colour of the empty table at any place: a cubic surface a channel. Coordinates are fractions of the picture. */
export interface Background {
  /** Ten coefficients for each of red, green, blue. */
  surfaces: readonly number[][];
  /** Standard deviation of what is left, as a colour distance. */
  noise: number;
}

/** Places looked at: enough for thirty coefficients, few enough to be quick. */
const GRID = 120;
/** Share of the picture's sides in which the table is looked for at first. */
const RIM = 0.12;
/** Widest and narrowest distance at which a pixel still counts as table; in between it shrinks with the fit. */
const WIDEST = 80;
const NARROWEST = 6;
/** Terms used in turn: first one colour, then a tilt, then a bend, then vignetting that is stronger on one side. */
const degrees = [1, 1, 3, 3, 6, 6, 6, 10, 10, 10, 10];

/**
 * Fits the table's colour by reweighted least squares with Tukey's biweight (Beaton and Tukey, Technometrics 1974):
 * whatever is not table is an outlier.
 * @param isSeed whether a place, in fractions, is likely table: the fit begins there
 * @param isUsed whether a place may be used at all
 */
export function fitBackground(
  picture: Raster,
  isSeed: (x: number, y: number) => boolean = onRim,
  isUsed: (x: number, y: number) => boolean = () => true,
): Background {
  const places = placesOf(picture, isUsed);
  const seeds = places.filter(({ x, y }) => isSeed(x, y));
  const start = commonest(seeds.length > 50 ? seeds : places);
  let surfaces = start.map((value) => [value, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  let reach = WIDEST;
  for (const [round, degree] of degrees.entries()) {
    const near = round < 2 && seeds.length > 50 ? seeds : places;
    surfaces = refit(near, surfaces, reach, degree) ?? surfaces;
    const within = near.map((place) => residual(place, surfaces)).filter((value) => value < reach);
    reach = Math.min(WIDEST, Math.max(NARROWEST, 5 * median(within)));
  }
  const left = places.map((place) => residual(place, surfaces)).filter((value) => value < reach);
  // The median length of a Gaussian in three dimensions is 1.54 standard deviations.
  return { surfaces, noise: Math.max(0.5, median(left) / 1.54) };
}

/** The table's colour at a place, into `colour`. */
export function backgroundAt({ surfaces }: Background, x: number, y: number, colour: Float64Array): void {
  const terms = termsOf(x, y);
  for (let channel = 0; channel < 3; channel++) {
    const surface = surfaces[channel] as number[];
    let value = 0;
    for (let i = 0; i < 10; i++) value += (surface[i] as number) * (terms[i] as number);
    colour[channel] = value;
  }
}

interface Place {
  x: number;
  y: number;
  terms: number[];
  colour: [number, number, number];
}

function onRim(x: number, y: number): boolean {
  return Math.min(x, y, 1 - x, 1 - y) < RIM;
}

function termsOf(x: number, y: number): number[] {
  const [u, v] = [2 * x - 1, 2 * y - 1];
  return [1, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v];
}

/** Means of small squares on a grid: noise counts less. */
function placesOf({ width, height, data }: Raster, isUsed: (x: number, y: number) => boolean): Place[] {
  const step = Math.max(1, Math.floor(Math.max(width, height) / GRID));
  const places: Place[] = [];
  for (let top = 0; top + step <= height; top += step) {
    for (let left = 0; left + step <= width; left += step) {
      const [x, y] = [(left + step / 2) / width, (top + step / 2) / height];
      if (!isUsed(x, y)) continue;
      const sums = [0, 0, 0] as [number, number, number];
      for (let v = top; v < top + step; v++) {
        for (let u = left; u < left + step; u++) {
          const at = (v * width + u) * 3;
          sums[0] += data[at] as number;
          sums[1] += data[at + 1] as number;
          sums[2] += data[at + 2] as number;
        }
      }
      const n = step * step;
      places.push({ x, y, terms: termsOf(x, y), colour: [sums[0] / n, sums[1] / n, sums[2] / n] });
    }
  }
  return places;
}

/** The commonest colour, to 32 levels a channel with their neighbours counted in, then the mean of what is near. */
function commonest(places: readonly Place[]): [number, number, number] {
  const BIN = 32;
  const counts = new Map<number, number>();
  const binOf = (value: number) => Math.min(7, Math.floor(value / BIN));
  for (const { colour } of places) {
    const key = binOf(colour[0]) * 64 + binOf(colour[1]) * 8 + binOf(colour[2]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] ?? [0];
  const middle = [best >> 6, (best >> 3) & 7, best & 7].map((bin) => (bin + 0.5) * BIN);
  const near = places.filter(({ colour }) =>
    colour.every((value, i) => Math.abs(value - (middle[i] as number)) < BIN),
  );
  const used = near.length > 0 ? near : places;
  return [0, 1, 2].map((channel) => median(used.map(({ colour }) => colour[channel] as number))) as [
    number,
    number,
    number,
  ];
}

function residual({ terms, colour }: Place, surfaces: readonly number[][]): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    const surface = surfaces[channel] as number[];
    let value = -(colour[channel] as number);
    for (let i = 0; i < 10; i++) value += (surface[i] as number) * (terms[i] as number);
    sum += value * value;
  }
  return Math.sqrt(sum);
}

function refit(
  places: readonly Place[],
  surfaces: readonly number[][],
  reach: number,
  degree: number,
): number[][] | null {
  const systems = [0, 1, 2].map(() =>
    Array.from({ length: degree }, () => new Array<number>(degree + 1).fill(0)),
  );
  for (const place of places) {
    const far = residual(place, surfaces) / reach;
    if (far >= 1) continue;
    const weight = (1 - far * far) ** 2;
    for (let i = 0; i < degree; i++) {
      const weighted = weight * (place.terms[i] as number);
      for (let channel = 0; channel < 3; channel++) {
        const row = (systems[channel] as number[][])[i] as number[];
        for (let j = 0; j < degree; j++) row[j] = (row[j] as number) + weighted * (place.terms[j] as number);
        row[degree] = (row[degree] as number) + weighted * (place.colour[channel] as number);
      }
    }
  }
  const solved = systems.map((system) => solveLinear(system));
  if (solved.some((surface) => surface === null)) return null;
  return solved.map((surface) => [...(surface as number[]), ...new Array<number>(10 - degree).fill(0)]);
}
