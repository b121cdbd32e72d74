import { APPEARANCE_NUMBERS, BINS, COLOURS } from './describe-appearance.ts';

/** What colour counts against brightness, which light and shade change most. */
const COLOUR_WEIGHT = 0.8;
/** Looks remembered of one person: the front, the back, in the shade, in the sun. */
const MAX_LOOKS = 12;
/** A look so far from all remembered ones is a new one. */
const NEW_LOOK = 0.12;

/**
 * 0: alike, 1: nothing in common (one minus the Bhattacharyya coefficient of the histograms, averaged over
 * the parts both show). Either may be several looks of one person one after another, as a `Look` gives them:
 * the distance is that of the two most alike.
 * @returns null where the two show no common part
 */
export function appearanceDistance(a: readonly number[], b: readonly number[]): number | null {
  let least: number | null = null;
  for (let i = 0; i < a.length; i += APPEARANCE_NUMBERS) {
    for (let j = 0; j < b.length; j += APPEARANCE_NUMBERS) {
      const distance = distanceOfLooks(a, i, b, j);
      if (distance !== null && (least === null || distance < least)) least = distance;
    }
  }
  return least;
}

/**
 * The looks known of a person with one more, when it tells something new. When there are too many, the one
 * most like another goes; the first never does, it is the one by which the person was chosen.
 */
export function rememberLook(known: readonly number[], seen: readonly number[]): number[] {
  if (!shows(seen, 0) && !shows(seen, BINS)) return [...known];
  const distance = known.length > 0 ? appearanceDistance(known, seen) : null;
  if (distance !== null && distance <= NEW_LOOK) return [...known];
  const looks = [...known, ...seen];
  if (looks.length <= MAX_LOOKS * APPEARANCE_NUMBERS) return looks;
  looks.splice(mostRedundant(looks), APPEARANCE_NUMBERS);
  return looks;
}

/** Where the look begins that is nearest to an earlier one. */
function mostRedundant(looks: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  let found = APPEARANCE_NUMBERS;
  for (let later = APPEARANCE_NUMBERS; later < looks.length; later += APPEARANCE_NUMBERS) {
    for (let earlier = 0; earlier < later; earlier += APPEARANCE_NUMBERS) {
      const distance = distanceOfLooks(looks, earlier, looks, later);
      if (distance === null || distance >= least) continue;
      [least, found] = [distance, later];
    }
  }
  return found;
}

function distanceOfLooks(
  a: readonly number[],
  fromA: number,
  b: readonly number[],
  fromB: number,
): number | null {
  let total = 0;
  let parts = 0;
  for (let part = 0; part < APPEARANCE_NUMBERS; part += BINS) {
    if (!shows(a, fromA + part) || !shows(b, fromB + part)) continue;
    const colour = likeness(a, fromA + part, b, fromB + part, COLOURS);
    const brightness = likeness(a, fromA + part + COLOURS, b, fromB + part + COLOURS, BINS - COLOURS);
    total += 1 - (colour * COLOUR_WEIGHT + brightness * (1 - COLOUR_WEIGHT));
    parts++;
  }
  return parts === 0 ? null : total / parts;
}

/** Whether the part that begins at `start` was seen: its brightness histogram sums to 1. */
function shows(numbers: readonly number[], start: number): boolean {
  for (let i = start + COLOURS; i < start + BINS; i++) if ((numbers[i] ?? 0) > 0) return true;
  return false;
}

/** Bhattacharyya coefficient. */
function likeness(
  a: readonly number[],
  fromA: number,
  b: readonly number[],
  fromB: number,
  count: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.sqrt((a[fromA + i] ?? 0) * (b[fromB + i] ?? 0));
  return Math.min(1, sum);
}
