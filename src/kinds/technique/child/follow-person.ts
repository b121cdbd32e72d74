import type { Picture } from '../../../media/video/picture.ts';
import type { Box, Detection } from '../analysis/look.ts';
import { rememberLook } from '../analysis/tracking/appearance.ts';
import { confidenceOf } from '../analysis/tracking/body.ts';
import { CLOSE_STEP, continued, isContinued, type Track } from '../analysis/tracking/continuity.ts';
import { cropAround } from '../analysis/tracking/crop-region.ts';
import { overlap } from '../analysis/tracking/person-choice.ts';
import { BystanderBook } from './bystander-book.ts';
import { choosePerson, type Wanted } from './choose-person.ts';
import { namePeople } from './name-people.ts';
import { Search, trackOf } from './search-person.ts';
import type { Eyes, Sighting } from './see-people.ts';

/** As long as nobody was ever found, everyone is looked for again after so long; the detector costs up to six poses. */
const CHOOSE_EVERY = 0.5;
/** Mean keypoint score of a pose whose looks are worth remembering: of a worse one, background is described too. */
const CLEAR = 0.45;
/**
 * Searches allowed from the beginning, and pictures that earn one more: the cost of searching stays near that of the
 * poses. Looks at frames far apart feel the limit: quick ones, and deep ones of less than about twelve frames a second.
 */
const SEARCHES = 4;
const PICTURES_A_SEARCH = 6;
/** A detection that overlaps the chosen pose so much is them. */
const SAME_BOX = 0.3;
/** For so long after losing sight, pictures are tried where the person was… */
const LINGER = 1;
/** …every one at first, then one each so long. */
const LINGER_CLOSELY = 0.15;
const LINGER_EVERY = 0.1;

/**
 * Follows one person from picture to picture: MoveNet's crop tracking while it holds, and a search when it
 * does not. A picture in which the person cannot be told for sure gives nothing rather than someone else.
 */
export class PersonFollower {
  /** Everyone in the first picture. */
  peopleFirst: Detection[] = [];
  boxFirst: Box | null = null;
  boxNow: Box | null = null;
  /** Looks of the followed person, gathered so far. */
  appearance: number[];
  readonly #eyes: Eyes;
  readonly #wanted: Wanted;
  #track: Track | null = null;
  #lastSeen: Sighting | null = null;
  #search: Search | null = null;
  readonly #book = new BystanderBook();
  #since: number | null = null;
  #chooseAt = Number.NEGATIVE_INFINITY;
  #lingerAt = 0;
  #searches = 0;
  #pictures = 0;
  /** Still readable while the next one is looked at. */
  #pictureBefore: Picture | null = null;

  constructor(eyes: Eyes, wanted: Wanted) {
    this.#eyes = eyes;
    this.#wanted = wanted;
    this.appearance = wanted.appearance;
  }

  /** Keypoints of the followed person in the next picture; null when not in sight. */
  async look(picture: Picture, time_s: number): Promise<number[] | null> {
    const seen = this.#track
      ? await this.#follow(picture, time_s, this.#track)
      : await this.#choose(picture, time_s);
    if (seen) {
      if (confidenceOf(seen.keypoints) >= CLEAR || this.appearance.length === 0) {
        this.appearance = rememberLook(this.appearance, seen.appearance);
      }
      const known = { appearance: this.appearance, lastLook: seen.appearance };
      this.#track = continued(this.#track, { ...trackOf(seen, time_s), ...known });
      this.#lastSeen = seen;
      this.#search = null;
    }
    this.boxNow = seen?.body.box ?? null;
    if (this.#pictures++ === 0) this.boxFirst = this.boxNow;
    this.#pictureBefore = picture;
    return seen?.keypoints ?? null;
  }

  async #follow(picture: Picture, time_s: number, track: Track): Promise<Sighting | null> {
    const nearby = await this.#whereItWas(picture, time_s, track);
    if (!this.#search) {
      if (nearby && this.#lastSeen && isContinued(track, this.#lastSeen.appearance, trackOf(nearby, time_s)))
        return nearby;
      this.#search = new Search(
        this.#eyes,
        track,
        time_s - track.time_s > CLOSE_STEP ? null : this.#pictureBefore,
        this.#book,
      );
    } else if (nearby && this.#search.isThem(picture, nearby, time_s)) {
      return nearby;
    }
    if (this.#searches >= SEARCHES + this.#pictures / PICTURES_A_SEARCH || !this.#search.isDue(time_s))
      return null;
    this.#searches++;
    return this.#search.look(picture, time_s);
  }

  async #whereItWas(picture: Picture, time_s: number, track: Track): Promise<Sighting | null> {
    const lostFor = time_s - track.time_s;
    if (this.#search && (lostFor > LINGER || (lostFor > LINGER_CLOSELY && time_s < this.#lingerAt)))
      return null;
    this.#lingerAt = time_s + LINGER_EVERY;
    const { width, height } = picture.geometry;
    const square = cropAround((this.#lastSeen as Sighting).keypoints, width, height);
    return square && this.#eyes.inSquare(picture, square);
  }

  async #choose(picture: Picture, time_s: number): Promise<Sighting | null> {
    if (time_s < this.#chooseAt) return null;
    this.#chooseAt = time_s + CHOOSE_EVERY;
    const candidates = await this.#eyes.candidates(picture);
    const people = await namePeople(this.#eyes, picture, candidates);
    if (this.#pictures === 0) this.peopleFirst = people;
    this.#since ??= time_s;
    const choice = { picture, time_s, candidates, people };
    const chosen = await choosePerson(this.#eyes, choice, this.#wanted, this.#since);
    for (const { box, appearance } of chosen ? people : []) {
      const isChosen = chosen && overlap(box, chosen.body.box) >= SAME_BOX;
      if (appearance && !isChosen) this.#book.rememberLooks(appearance);
    }
    return chosen;
  }
}
