import type { Box, Detection } from '../look.ts';
import { appearanceDistance } from './appearance.ts';
import { FAR_LOOKS } from './continuity.ts';

/** Area of the overlap over the area of both together, 0–1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/**
 * People in the order in which one would take them for the subject: large, confidently seen, near the middle.
 * Size counts by its square root (a length, not an area), and the edge of the frame halves the weight.
 */
export function byProminence(people: readonly Detection[], width: number, height: number): Detection[] {
  const weight = ({ box, score }: Detection) => {
    const aside = Math.abs((box.x + box.width / 2) / width - 0.5) * 2;
    return Math.sqrt((box.width * box.height) / (width * height)) * score * (1 - 0.5 * Math.min(1, aside));
  };
  return [...people].sort((a, b) => weight(b) - weight(a));
}

/** A seed box is answered by someone who overlaps it at least so much. */
const SEED_OVERLAP = 0.2;

/** People who overlap the seed, the best first. */
export function bySeed(people: readonly Detection[], seed: Box): Detection[] {
  return people
    .filter(({ box }) => overlap(box, seed) >= SEED_OVERLAP)
    .sort((a, b) => overlap(b.box, seed) - overlap(a.box, seed));
}

/** Bodies bend and stretch, and boxes are cut off; still they are not so much larger or smaller. */
const SIZE_RANGE = 3;

/** Whether someone as large as `known` can fill `box`. */
export function couldBeSize(box: Box, known: Box): boolean {
  const ratio = Math.max(box.width, box.height) / Math.max(known.width, known.height, 1);
  return ratio <= SIZE_RANGE && ratio >= 1 / SIZE_RANGE;
}

/** People who look as described, the most alike first. */
export function byAppearance(people: readonly Detection[], appearance: readonly number[]): Detection[] {
  const distance = (person: Detection) => appearanceDistance(person.appearance ?? [], appearance) ?? 1;
  return people.filter((person) => distance(person) <= FAR_LOOKS).sort((a, b) => distance(a) - distance(b));
}

/** Drops boxes that mostly repeat, or mostly lie within, one more confident. */
export function withoutRepeats(people: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const person of [...people].sort((a, b) => b.score - a.score)) {
    if (!kept.some(({ box }) => overlap(box, person.box) > 0.4 || inside(person.box, box) > 0.8))
      kept.push(person);
  }
  return kept;
}

/** Share of `inner` that lies within `outer`. */
function inside(inner: Box, outer: Box): number {
  const width = Math.min(inner.x + inner.width, outer.x + outer.width) - Math.max(inner.x, outer.x);
  const height = Math.min(inner.y + inner.height, outer.y + outer.height) - Math.max(inner.y, outer.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (inner.width * inner.height);
}
