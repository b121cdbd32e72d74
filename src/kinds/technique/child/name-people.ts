import type { Picture } from '../../../media/video/picture.ts';
import type { Detection } from '../analysis/look.ts';
import { byProminence } from '../analysis/tracking/person-choice.ts';
import type { Eyes } from './see-people.ts';

/** Less sure detections are not reported; on the samples bystanders begin at 0.3. */
const WORTH_NAMING = 0.25;
/** People a picture whose appearance is described; a pose each. */
const MAX_DESCRIBED = 4;

/** Everyone who is clearly there, by prominence, the first few with their appearance. */
export async function namePeople(
  eyes: Eyes,
  picture: Picture,
  candidates: readonly Detection[],
): Promise<Detection[]> {
  const { width, height } = picture.geometry;
  const clear = candidates.filter(({ score }) => score >= WORTH_NAMING);
  const people: Detection[] = [];
  for (const [rank, person] of byProminence(clear, width, height).entries()) {
    const seen = rank < MAX_DESCRIBED ? await eyes.inBox(picture, person.box) : null;
    people.push(seen ? { ...person, appearance: seen.appearance } : person);
  }
  return people;
}
