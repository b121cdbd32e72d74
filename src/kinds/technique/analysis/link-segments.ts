import type { Box, Detection, Look } from './look.ts';
import { appearanceDistance } from './tracking/appearance.ts';
import { FAR_LOOKS, NEAR_LOOKS } from './tracking/continuity.ts';
import { overlap } from './tracking/person-choice.ts';

/** All that linking asks of a look: small, whatever its length. */
export interface LookEnds
  extends Pick<Look, 'people_first' | 'followed_first' | 'followed_last' | 'appearance'> {
  /** Whether anybody was followed at all. */
  is_following: boolean;
}

export function endsOf(look: Look): LookEnds {
  const { people_first, followed_first, followed_last, appearance } = look;
  const is_following = look.frames.some(({ keypoints }) => keypoints !== null);
  return { is_following, people_first, followed_first, followed_last, appearance };
}

export interface LookedSegment {
  n: number;
  look: LookEnds;
  /** Whether this look was already told whom to follow; a second telling would change nothing. */
  relooked?: boolean;
}

export interface Relook {
  n: number;
  /** Where the person is in the segment's first frame (display pixels); null: known by appearance alone. */
  seed: Box | null;
  appearance: readonly number[];
}

export interface Links {
  /** Segments to look at again, ascending. */
  relook: Relook[];
  /** Segments whose look followed somebody else and had been told: their frames are a gap. Ascending; final once `relook` is empty. */
  gaps: number[];
}

interface Followed {
  /** Where they are in the last frame so far; null where they were lost by then. */
  box: Box | null;
  appearance: readonly number[];
}

/** Two boxes of one person in neighbouring frames overlap by far more; two people side by side by less. */
const SAME_PLACE = 0.3;
/** The detector's box and the one around the keypoints differ in how much they leave around the body. */
const SAME_PLACE_DETECTED = 0.2;

/**
 * Follows one person over the boundaries of segments that were looked at in parallel, each of which found
 * its own. Segments are judged in the order of time, each against the person followed up to its beginning: by
 * where they stood one frame before, and by appearance. Those that followed somebody else are to be looked at again
 * with the right person as their seed, all at once: what follows one of them is judged as if its end stood, and
 * judged anew when called again with the new looks. It ends: a segment is asked for again at most once.
 */
export function linkSegments(segments: readonly LookedSegment[]): Links {
  const relook: Relook[] = [];
  const gaps: number[] = [];
  let person: Followed | null = null;
  for (const segment of [...segments].sort((a, b) => a.n - b.n)) {
    const { look } = segment;
    if (person && !segment.relooked && !goesOn(person, look)) {
      const seed = whereIs(person, look.people_first) ?? person.box;
      relook.push({ n: segment.n, seed, appearance: person.appearance });
      const box: Box | null =
        look.is_following && withinLooks(person, look, FAR_LOOKS) ? look.followed_last : null;
      person = { box, appearance: person.appearance };
      continue;
    }
    // A look that was told whom to follow has checked place and looks itself; here only a blunder is caught.
    if (person && look.is_following && !withinLooks(person, look, NEAR_LOOKS)) {
      gaps.push(segment.n);
      person = { box: null, appearance: person.appearance };
      continue;
    }
    person = carriedOn(person, look);
  }
  return { relook, gaps };
}

function carriedOn(person: Followed | null, look: LookEnds): Followed | null {
  const appearance = look.appearance.length > 0 ? look.appearance : (person?.appearance ?? []);
  if (!person && !look.is_following) return null;
  return { box: look.is_following ? look.followed_last : null, appearance };
}

/** Whether a look that was not told whom to follow took up the person, or rightly took up nobody. */
function goesOn(person: Followed, look: LookEnds): boolean {
  // Who was in sight one frame before is missed, not gone.
  if (person.box && !look.followed_first) return false;
  return !look.is_following || isSame(person, look);
}

function isSame(person: Followed, look: LookEnds): boolean {
  if (!person.box || !look.followed_first) return withinLooks(person, look, FAR_LOOKS);
  if (overlap(person.box, look.followed_first) >= SAME_PLACE) {
    return withinLooks(person, look, NEAR_LOOKS) || !whereIs(person, look.people_first);
  }
  const distance = appearanceDistance(person.appearance, look.appearance);
  return distance !== null && distance <= FAR_LOOKS && !someoneStayed(person, look);
}

/** Whether nobody was followed in a look but, as far as clothes tell, the one with this appearance. */
export function followsOnly(appearance: readonly number[], look: LookEnds): boolean {
  return !look.is_following || withinLooks({ appearance }, look, FAR_LOOKS);
}

/** Also where one of them was never described. */
function withinLooks(person: Readonly<Pick<Followed, 'appearance'>>, look: LookEnds, limit: number): boolean {
  return (appearanceDistance(person.appearance, look.appearance) ?? 0) <= limit;
}

/** Somebody who is not the followed one stands where the person was, and does not look like another. */
function someoneStayed(person: Followed, look: LookEnds): boolean {
  const seed = whereIs(person, look.people_first);
  return seed !== null && person.box !== null && overlap(person.box, seed) >= SAME_PLACE_DETECTED;
}

/** The detected box that is the person's: in the same place first, then by appearance; null where none is. */
function whereIs(person: Followed, people: readonly Detection[]): Box | null {
  const rated = people.map((one) => ({
    box: one.box,
    overlap: person.box ? overlap(person.box, one.box) : 0,
    distance: one.appearance ? appearanceDistance(person.appearance, one.appearance) : null,
  }));
  const inPlace = rated.filter(
    (one) => one.overlap >= SAME_PLACE_DETECTED && (one.distance ?? 0) <= NEAR_LOOKS,
  );
  if (inPlace.length > 0) return inPlace.reduce((best, one) => (one.overlap > best.overlap ? one : best)).box;
  const alike = rated.filter(({ distance }) => distance !== null && distance <= FAR_LOOKS);
  if (alike.length === 0) return null;
  return alike.reduce((best, one) => ((one.distance ?? 1) < (best.distance ?? 1) ? one : best)).box;
}
