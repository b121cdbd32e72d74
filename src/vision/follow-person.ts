import type { Box, Detection } from '../analysis/technique/look.ts';
import { appearanceDistance, blendAppearance } from '../analysis/technique/tracking/appearance.ts';
import type { Body } from '../analysis/technique/tracking/body.ts';
import { couldBeSame } from '../analysis/technique/tracking/continuity.ts';
import { cropAround } from '../analysis/technique/tracking/crop-region.ts';
import { byProminence, bySeed } from '../analysis/technique/tracking/person-choice.ts';
import type { Picture } from '../media/video/picture.ts';
import type { Eyes, Sighting } from './see-people.ts';

export interface Wanted {
  seed: Box | null;
  appearance: number[];
}

/** How fast what is known of the looks follows what is seen, a frame. */
const LEARNING = 0.05;
const TOO_DIFFERENT = 0.35;
/** While lost, the detector looks again after so long; it costs five poses. */
const RETRY_SECONDS = 0.2;

export class PersonFollower {
  peopleFirst: Detection[] = [];
  boxFirst: Box | null = null;
  boxNow: Box | null = null;
  appearance: number[];
  readonly #eyes: Eyes;
  readonly #seed: Box | null;
  #last: { sighting: Sighting; time_s: number } | null = null;
  #lost = true;
  #triedAt = Number.NEGATIVE_INFINITY;
  #first = true;

  constructor(eyes: Eyes, { seed, appearance }: Wanted) {
    this.#eyes = eyes;
    this.#seed = seed;
    this.appearance = appearance;
  }

  /** Keypoints of the followed person in the next picture; null when not seen. */
  async look(picture: Picture, time_s: number): Promise<number[] | null> {
    const seen =
      (this.#lost ? null : await this.#follow(picture, time_s)) ?? (await this.#find(picture, time_s));
    if (seen) {
      this.appearance =
        this.appearance.length > 0
          ? blendAppearance(this.appearance, seen.appearance, LEARNING)
          : seen.appearance;
      this.#last = { sighting: seen, time_s };
    }
    this.#lost = seen === null;
    this.boxNow = seen?.body.box ?? null;
    if (this.#first) this.boxFirst = this.boxNow;
    this.#first = false;
    return seen?.keypoints ?? null;
  }

  async #follow(picture: Picture, time_s: number): Promise<Sighting | null> {
    if (!this.#last) return null;
    const { width, height } = picture.geometry;
    const square = cropAround(this.#last.sighting.keypoints, width, height);
    const seen = square && (await this.#eyes.inSquare(picture, square));
    return seen && this.#isSame(seen, time_s) ? seen : null;
  }

  async #find(picture: Picture, time_s: number): Promise<Sighting | null> {
    if (!this.#first && this.#lost && time_s - this.#triedAt < RETRY_SECONDS) return null;
    this.#triedAt = time_s;
    const { width, height } = picture.geometry;
    const candidates = await this.#eyes.candidates(picture);
    if (this.#first) this.peopleFirst = await this.#eyes.people(picture, candidates);
    const order =
      this.#seed && !this.#last ? bySeed(candidates, this.#seed) : byProminence(candidates, width, height);
    for (const { box } of order) {
      const seen = await this.#eyes.inBox(picture, box);
      if (seen && this.#isSame(seen, time_s)) return seen;
    }
    return null;
  }

  #isSame(seen: Sighting, time_s: number): boolean {
    if (this.#last && !couldBeSame(this.#last.sighting.body as Body, seen.body, time_s - this.#last.time_s))
      return false;
    const distance = appearanceDistance(this.appearance, seen.appearance);
    return distance === null || distance <= TOO_DIFFERENT;
  }
}
