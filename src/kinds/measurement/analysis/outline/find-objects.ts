import { areaOf, centreOf, contains, perimeterOf } from '../../geometry/polygon.ts';
import type { Point } from '../../outcome.ts';
import { type Raster, shrink } from '../raster.ts';
import { type Background, fitBackground } from './background.ts';
import { boundaryOf, type Component, componentsOf } from './components.ts';
import { type Difference, differenceFrom } from './difference.ts';
import { type RefinedOutline, refineOutline } from './refine-outline.ts';
import { shadowArea } from './shadow-area.ts';
import { straightenSides } from './straighten-sides.ts';

/** Longer side of the picture in which objects are looked for; their edges are then found in the larger one. */
const LOOKED_AT = 1280;
/** Colour distance that is more than noise: the floor, and so many times the table's own. */
const FAINTEST = 12;
const NOISES = 4.5;
/** Each threshold is so many times the one before, until the patch has sharp edges. */
const STEP = 1.45;
/** Patches under this share of the picture are specks. */
const SPECK = 0.0004;
/** Patches over this share are surroundings. */
const SURROUNDINGS = 0.8;
/** Share of an outline with a sharp edge from which it is an object's and not a shadow's. */
const CLEAR = 0.75;
/** From so much on, nothing better is looked for. */
const CLEAREST = 0.985;
/** Parts that are less of a patch than this are marks on an object. */
const MOST_OF_IT = 0.5;
/** 20–80 % width of the most blurred edge that still is one, in pixels of a picture of LOOKED_AT. */
const WIDEST_EDGE = 5;
/** A shadow's edge narrows with the picture, a sharp one stays as wide as pixels make it. */
const NARROWEST_EDGE = 2;
const REACH = 6;
const SHORTEST_REACH = 3;
/** An outline that is at the border by more than this is the edge of the table. */
const MOSTLY_BORDER = 0.5;

/** Share of an object's usual difference from the table over which a pixel is the object beyond doubt. */
const STRICT = 0.55;
/** Half of what a blurred edge is wide, in its 20–80 % widths. */
const RIM = 1.3;

export interface FoundObject extends RefinedOutline {
  /** As traced, its corners as round as blur makes them. */
  traced: Point[];
  /** Of the picture given. */
  area: number;
  /** Share of its area, without its blurred rim, that could as well be shadow or table. */
  doubt: number;
}

export interface Findings {
  objects: FoundObject[];
  background: Background;
}

/**
 * Everything that is not table, largest first. A patch that differs from the table is taken for an object at the
 * lowest threshold at which its outline is sharp nearly all around; what never is sharp is a shadow.
 * @param excluded outlines of references; what overlaps one is their paper, not an object
 */
export function findObjects(picture: Raster, excluded: readonly (readonly Point[])[]): Findings {
  const factor = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / LOOKED_AT));
  const small = shrink(picture, factor);
  const zones = excluded.map((zone) => zone.map(([x, y]): Point => [x / factor, y / factor]));
  const isExcluded = (x: number, y: number) => zones.some((zone) => contains(zone, [x, y]));
  const background = fitBackground(
    small,
    undefined,
    (x, y) => !isExcluded(x * small.width, y * small.height),
  );
  const difference = differenceFrom(background, small);
  const lowest = Math.max(FAINTEST, NOISES * difference.noise);
  const { width, height, values } = difference;
  const least = Math.max(24, SPECK * width * height);
  const visit = (threshold: number, among?: Int32Array): FoundObject[] =>
    componentsOf(width, height, (at) => (values[at] as number) > threshold, least, among).flatMap((patch) => {
      const found = asObject(picture, patch, { factor, small, background, difference, lowest });
      if (found && found.clear >= CLEAREST) return [found];
      const parts = visit(threshold * STEP, patch.pixels);
      return found && !areClearer(parts, found) ? [found] : parts;
    });
  const objects = visit(lowest).filter(({ points }) => !zones.some((zone) => overlaps(points, zone, factor)));
  objects.sort((a, b) => b.area - a.area || (a.points[0]?.[0] ?? 0) - (b.points[0]?.[0] ?? 0));
  return { objects, background };
}

/** Whether parts found at a higher threshold are the object, and what they were found in had a shadow to it. */
function areClearer(parts: readonly FoundObject[], whole: FoundObject): boolean {
  const area = parts.reduce((sum, part) => sum + part.area, 0);
  const clear = parts.reduce((sum, part) => sum + part.clear * part.area, 0) / (area || 1);
  return area > MOST_OF_IT * whole.area && clear > whole.clear + 0.01;
}

interface Looking {
  factor: number;
  small: Raster;
  background: Background;
  difference: Difference;
  lowest: number;
}

function asObject(picture: Raster, patch: Component, looking: Looking): FoundObject | null {
  const { factor, small, background, difference, lowest } = looking;
  const rough = boundaryOf(patch, difference.width).map(([x, y]): Point => [x * factor, y * factor]);
  if (areaOf(rough) > SURROUNDINGS * picture.width * picture.height) return null;
  const share = Math.min(1, Math.max(picture.width, picture.height) / LOOKED_AT);
  const refined = refineOutline(picture, rough, {
    reach: Math.max(SHORTEST_REACH, REACH * share) * factor,
    widest: Math.max(NARROWEST_EDGE, WIDEST_EDGE * share) * factor,
    faintest: Math.max(FAINTEST, lowest),
  });
  if (refined.clear < CLEAR || refined.border > MOSTLY_BORDER) return null;
  const points = straightenSides(refined.points, refined.edge_width);
  const area = areaOf(points);
  const rim = (perimeterOf(points) * (refined.edge_width + factor)) / 2;
  const faint = faintArea(patch, area, { factor, difference }) - rim;
  const peeled = Math.ceil((RIM * refined.edge_width) / factor) + 1;
  const shadow = shadowArea(small, background, patch, peeled) * factor ** 2;
  return { ...refined, points, area, traced: refined.points, doubt: Math.max(0, shadow, faint) / area };
}

/** The part of an area that differs from the table clearly less than the most of it does; pixels. */
function faintArea(
  patch: Component,
  area: number,
  { factor, difference }: Pick<Looking, 'factor' | 'difference'>,
): number {
  const { width, height, values } = difference;
  const strict = STRICT * typical(patch, values);
  const inner = componentsOf(width, height, (at) => (values[at] as number) > strict, 1, patch.pixels)
    .map((part) => areaOf(boundaryOf(part, width)) * factor ** 2)
    .reduce((most, one) => Math.max(most, one), 0);
  return area - inner;
}

function typical({ pixels }: Component, values: Float32Array): number {
  const sorted = Float32Array.from(pixels, (at) => values[at] as number).sort();
  return sorted[sorted.length >> 1] as number;
}

function overlaps(outline: readonly Point[], zone: readonly Point[], factor: number): boolean {
  const scaled = zone.map(([x, y]): Point => [x * factor, y * factor]);
  return (
    contains(outline, centreOf(scaled)) ||
    scaled.some((point) => contains(outline, point)) ||
    outline.some((point) => contains(scaled, point))
  );
}
