import type { Box, Detection } from '../analysis/technique/look.ts';
import { rememberLook } from '../analysis/technique/tracking/appearance-distance.ts';
import { recogniseBystanders } from '../analysis/technique/tracking/bystanders.ts';
import {
  continued,
  isContinued,
  isFoundAgain,
  type Track,
} from '../analysis/technique/tracking/continuity.ts';
import { cropAround } from '../analysis/technique/tracking/crop-region.ts';
import { byAppearance, byProminence, bySeed, overlap } from '../analysis/technique/tracking/person-choice.ts';
import type { Picture } from '../media/video/picture.ts';
import type { Eyes, Sighting } from './see-people.ts';

export interface Wanted {
  /** Where the person is in the first picture; null: whoever is most prominent. */
  seed: Box | null;
  /** How the person looks; empty: not known. */
  appearance: number[];
}

/** While lost, all people are looked for again after so long: the detector costs five poses. */
const SEARCH_EVERY = 0.2;
/** For so long after losing sight, each picture is tried where the person was; it costs one pose. */
const LINGER = 1;
/** A detection that overlaps the followed person so much is them. */
const SAME_BOX = 0.3;

/**
 * Follows one person from picture to picture: MoveNet's crop tracking while it holds, and when it does not, a
 * search that knows who else was there, so that a bystander is never taken for the person lost.
 */
export class PersonFollower {
  /** Everyone in the first picture. */
  peopleFirst: Detection[] = [];
  boxFirst: Box | null = null;
  boxNow: Box | null = null;
  /** Looks of the followed person, gathered so far. */
  appearance: number[];
  readonly #eyes: Eyes;
  readonly #seed: Box | null;
  /** As last seen; null before the first sighting. */
  #track: Track | null = null;
  #lastSeen: Sighting | null = null;
  #lost = true;
  #bystanders: Track[] = [];
  #searchedAt = Number.NEGATIVE_INFINITY;
  #pictures = 0;
  /** The picture before, still readable: it shows who stood where when the person was last in sight. */
  #before: { picture: Picture; time_s: number } | null = null;

  constructor(eyes: Eyes, { seed, appearance }: Wanted) {
    this.#eyes = eyes;
    this.#seed = seed;
    this.appearance = appearance;
  }

  /** Keypoints of the followed person in the next picture; null when not in sight. */
  async look(picture: Picture, time_s: number): Promise<number[] | null> {
    const seen = (await this.#follow(picture, time_s)) ?? (await this.#search(picture, time_s));
    if (seen) {
      this.appearance = rememberLook(this.appearance, seen.appearance);
      this.#track = continued(this.#track, { body: seen.body, appearance: this.appearance, time_s });
      this.#lastSeen = seen;
      this.#searchedAt = Number.NEGATIVE_INFINITY;
    }
    this.#lost = seen === null;
    this.boxNow = seen?.body.box ?? null;
    if (this.#pictures++ === 0) this.boxFirst = this.boxNow;
    this.#before = { picture, time_s };
    return seen?.keypoints ?? null;
  }

  async #follow(picture: Picture, time_s: number): Promise<Sighting | null> {
    if (!this.#track || !this.#lastSeen) return null;
    if (this.#lost && time_s - this.#track.time_s > LINGER) return null;
    const { width, height } = picture.geometry;
    const square = cropAround(this.#lastSeen.keypoints, width, height);
    const seen = square && (await this.#eyes.inSquare(picture, square));
    if (!seen) return null;
    const now = trackOf(seen, time_s);
    if (!this.#lost) return isContinued(this.#track, this.#lastSeen.appearance, now) ? seen : null;
    const [bystander] = recogniseBystanders(this.#track, this.#bystanders, [now]);
    return bystander === null && isFoundAgain(this.#track, now) ? seen : null;
  }

  async #search(picture: Picture, time_s: number): Promise<Sighting | null> {
    if (time_s - this.#searchedAt < SEARCH_EVERY) return null;
    this.#searchedAt = time_s;
    const candidates = await this.#eyes.candidates(picture);
    if (this.#pictures === 0) this.peopleFirst = await this.#eyes.people(picture, candidates);
    if (!this.#track) return this.#choose(picture, candidates);
    if (!this.#lost) this.#bystanders = await this.#whoElse();

    const sightings: Sighting[] = [];
    for (const { box } of candidates) {
      const seen = await this.#eyes.inBox(picture, box);
      if (seen) sightings.push(seen);
    }
    const tracks = sightings.map((seen) => trackOf(seen, time_s));
    const recognised = recogniseBystanders(this.#track, this.#bystanders, tracks);
    let found: Sighting | null = null;
    for (const [i, now] of tracks.entries()) {
      const bystander = recognised[i] ?? null;
      if (bystander !== null) this.#bystanders[bystander] = now;
      else if (!found && isFoundAgain(this.#track, now)) found = sightings[i] as Sighting;
    }
    return found;
  }

  /** For the first time: by the seed, else by the looks, else by prominence. */
  async #choose(picture: Picture, candidates: Detection[]): Promise<Sighting | null> {
    const { width, height } = picture.geometry;
    if (this.#seed) {
      const boxes = [...bySeed(candidates, this.#seed).map(({ box }) => box), this.#seed];
      return this.#firstPosed(picture, boxes);
    }
    if (this.appearance.length > 0) {
      const people = await this.#eyes.people(picture, candidates);
      return this.#firstPosed(
        picture,
        byAppearance(people, this.appearance).map(({ box }) => box),
      );
    }
    return this.#firstPosed(
      picture,
      byProminence(candidates, width, height).map(({ box }) => box),
    );
  }

  async #firstPosed(picture: Picture, boxes: readonly Box[]): Promise<Sighting | null> {
    for (const box of boxes) {
      const seen = await this.#eyes.inBox(picture, box);
      if (seen) return seen;
    }
    return null;
  }

  /** Those in the picture before who are not the person followed there. */
  async #whoElse(): Promise<Track[]> {
    if (!this.#before || !this.#lastSeen) return [];
    const { picture, time_s } = this.#before;
    const others: Track[] = [];
    for (const { box } of await this.#eyes.candidates(picture)) {
      const seen = await this.#eyes.inBox(picture, box);
      if (seen && overlap(seen.body.box, this.#lastSeen.body.box) < SAME_BOX)
        others.push(trackOf(seen, time_s));
    }
    return others;
  }
}

function trackOf({ body, appearance }: Sighting, time_s: number): Track {
  return { body, appearance, time_s };
}
