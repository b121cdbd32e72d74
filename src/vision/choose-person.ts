import type { Box, Detection } from '../analysis/technique/look.ts';
import { byAppearance, byProminence, bySeed } from '../analysis/technique/tracking/person-choice.ts';
import type { Picture } from '../media/video/picture.ts';
import type { Eyes, Sighting } from './see-people.ts';

export interface Wanted {
  /** Where the person is in the first picture; null: not told. */
  seed: Box | null;
  /** How the person looks; empty: not told. */
  appearance: number[];
}

/**
 * Whom to follow, in a picture where nobody is followed yet: who best fills the seed, else who looks as
 * told, else the most prominent. Told something, nobody else will do.
 * @param people those clearly there, with their appearance
 * @param candidates all who might be there
 */
export async function choosePerson(
  eyes: Eyes,
  picture: Picture,
  { seed, appearance }: Wanted,
  people: readonly Detection[],
  candidates: readonly Detection[],
): Promise<Sighting | null> {
  const { width, height } = picture.geometry;
  let boxes: Box[];
  if (seed) boxes = [...bySeed(candidates, seed).map(({ box }) => box), seed];
  else if (appearance.length > 0) boxes = byAppearance(people, appearance).map(({ box }) => box);
  else boxes = byProminence(candidates, width, height).map(({ box }) => box);
  for (const box of boxes) {
    const seen = await eyes.inBox(picture, box);
    if (seen) return eyes.closer(picture, seen);
  }
  return null;
}
