import type { Picture } from '../../../media/video/picture.ts';
import type { Box, Detection } from '../analysis/look.ts';
import { isFoundAgain, type Track, trackOfBox } from '../analysis/tracking/continuity.ts';
import { byAppearance, byProminence, bySeed } from '../analysis/tracking/person-choice.ts';
import { trackOf } from './search-person.ts';
import type { Eyes, Sighting } from './see-people.ts';

export interface Wanted {
  /** Where the person is in the first picture; null: not told. */
  seed: Box | null;
  /** How the person looks; empty: not told. */
  appearance: number[];
}

/** What there is to choose from in one picture. */
export interface Choice {
  picture: Picture;
  time_s: number;
  /** All who might be there. */
  candidates: readonly Detection[];
  /** Those clearly there, with their appearance. */
  people: readonly Detection[];
}

/**
 * Whom to follow while nobody is followed yet: told a place and looks, only someone who fits both as a person
 * lost there would; told a place, whoever fills it; told looks, whoever has them; else the most prominent.
 * @param since time of the first picture, when the seed was true
 */
export async function choosePerson(
  eyes: Eyes,
  choice: Choice,
  { seed, appearance }: Wanted,
  since: number,
): Promise<Sighting | null> {
  const { picture, time_s, candidates, people } = choice;
  const { width, height } = picture.geometry;
  const lost = seed && appearance.length > 0 ? trackOfBox(seed, appearance, since) : null;
  let boxes: Box[];
  if (seed)
    boxes = [...bySeed(candidates, seed).map(({ box }) => box), seed, ...candidates.map(({ box }) => box)];
  else if (appearance.length > 0) boxes = byAppearance(people, appearance).map(({ box }) => box);
  else boxes = byProminence(candidates, width, height).map(({ box }) => box);
  // Without looks to go by, nobody outside the seed can be who was meant.
  if (seed && !lost) boxes.length -= candidates.length;
  const fits = (now: Track) => !lost || isFoundAgain(lost, now, { width, height }, []);
  for (const box of boxes) {
    const seen = await eyes.inBox(picture, box);
    if (seen && fits(trackOf(seen, time_s))) return eyes.closer(picture, seen);
  }
  return null;
}
