import { appearanceDistance } from './appearance.ts';
import { distanceFromExpected, FAR_LOOKS, type Track } from './continuity.ts';

/** Looks weigh so much against a body size of distance, when telling who is who. */
const LOOKS_WEIGHT = 6;
/** A second out of sight makes place count so much less. */
const FADING = 4;
/** Beyond this a sighting is neither; it is someone new. */
const MAX_COST = 4;

/** Out of sight for longer than this, a bystander's place tells less than looks… */
const PLACE_FADES = 0.5;
/** …and who looks so much more like the followed person than like the bystander is not the bystander. */
const CLEARLY = 0.1;

/** Whether looks tell that a sighting may be the followed person, and is not a bystander seen too long ago for the place to. */
function looksLikeFollowed(followed: Track, bystander: Track, seen: Track): boolean {
  if (seen.time_s - bystander.time_s <= PLACE_FADES) return false;
  const toFollowed = appearanceDistance(followed.appearance, seen.appearance) ?? 1;
  const toBystander = appearanceDistance(bystander.appearance, seen.appearance) ?? 0;
  return toFollowed <= FAR_LOOKS && toBystander - toFollowed >= CLEARLY;
}

/** How badly `seen` fits as the next sighting of `track`. */
function cost(track: Track, seen: Track): number {
  const seconds = Math.max(0, seen.time_s - track.time_s);
  const looks = appearanceDistance(track.appearance, seen.appearance) ?? 0.3;
  return distanceFromExpected(track, seen) / (1 + FADING * seconds) + LOOKS_WEIGHT * looks;
}

/**
 * Tells who of the people seen now are bystanders known from before, the best fits first, each bystander at
 * most once. Someone who fits the followed person better than any bystander is left over: that may be them.
 * @returns for each of `seen` the number of the bystander it is, or null
 */
export function recogniseBystanders(
  followed: Track | null,
  bystanders: readonly Track[],
  seen: readonly Track[],
): (number | null)[] {
  const pairs: { who: number; as: number; cost: number }[] = [];
  for (const [who, sighting] of seen.entries()) {
    const asFollowed = followed ? cost(followed, sighting) : MAX_COST;
    for (const [as, bystander] of bystanders.entries()) {
      if (followed && looksLikeFollowed(followed, bystander, sighting)) continue;
      const asBystander = cost(bystander, sighting);
      if (asBystander <= Math.min(asFollowed, MAX_COST)) pairs.push({ who, as, cost: asBystander });
    }
  }
  pairs.sort((a, b) => a.cost - b.cost);
  const recognised = new Array<number | null>(seen.length).fill(null);
  const taken = new Set<number>();
  for (const { who, as } of pairs) {
    if (recognised[who] !== null || taken.has(as)) continue;
    recognised[who] = as;
    taken.add(as);
  }
  return recognised;
}
