import { copyOf, type Picture } from '../../../media/video/picture.ts';
import type { Box } from '../analysis/look.ts';
import { isFoundAgain, type Track } from '../analysis/tracking/continuity.ts';
import { couldBeSize, overlap } from '../analysis/tracking/person-choice.ts';
import type { BystanderBook } from './bystander-book.ts';
import type { Eyes, Sighting } from './see-people.ts';

/** The first search waits for a dropout of a frame or two to end by itself. */
const FIRST_AFTER = 0.15;
/** Each further one waits so much longer, up to a limit: a search costs five poses and more. */
const BACK_OFF = 1.1;
const LONGEST_WAIT = 0.5;
/** A detection that overlaps the person so much, or a trunk nearer than so many body sizes, is the person. */
const SAME_BOX = 0.3;
const SAME_PLACE = 0.8;
/** People a search takes a closer look at. */
const MAX_POSED = 5;

interface Seen {
  sighting: Sighting;
  track: Track;
  box: Box;
}

/**
 * The search for a person lost from sight. Whoever stood by when the person was last seen is told from them by
 * place and looks, from search to search, so that nobody is taken for the person only by being there.
 */
export class Search {
  readonly #eyes: Eyes;
  readonly #lost: Track;
  readonly #book: BystanderBook;
  /** The last picture that showed the person; null where others are known, or it is too long ago to tell. */
  readonly #lastPicture: Picture | null;
  #first = true;
  #next: number;
  #wait = FIRST_AFTER;

  constructor(eyes: Eyes, lost: Track, lastPicture: Picture | null, book: BystanderBook) {
    this.#eyes = eyes;
    this.#lost = lost;
    this.#book = book;
    this.#lastPicture = lastPicture && !book.isFresh(lost.time_s) ? copyOf(lastPicture) : null;
    this.#next = lost.time_s + FIRST_AFTER;
  }

  /** Whether `sighting`, made where the person was lost, is them. */
  isThem(picture: Picture, sighting: Sighting, time_s: number): boolean {
    const seen = { sighting, track: trackOf(sighting, time_s), box: sighting.body.box };
    return this.#fits(picture, seen) && this.#book.leaveOut(this.#lost, [seen]).length === 1;
  }

  /** Whether it is time to look through the whole picture again. */
  isDue(time_s: number): boolean {
    return time_s >= this.#next;
  }

  /** Looks through the whole picture; null when the person is not there. */
  async look(picture: Picture, time_s: number): Promise<Sighting | null> {
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * BACK_OFF);
    this.#next = time_s + this.#wait;
    if (this.#first) await this.#meetBystanders();
    this.#first = false;
    const seen = await this.#pose(picture, time_s, (box) => !this.#book.stayed(box, time_s));
    const found = this.#book.leaveOut(this.#lost, seen).find((one) => this.#fits(picture, one));
    return found ? this.#eyes.closer(picture, found.sighting) : null;
  }

  #fits(picture: Picture, { track }: Seen): boolean {
    return isFoundAgain(this.#lost, track, picture.geometry, this.#book.looks);
  }

  /** Those in the last picture of the person who are not the person, seen only in part as they may be. */
  async #meetBystanders(): Promise<void> {
    if (!this.#lastPicture) return;
    const { body } = this.#lost;
    const isLost = (box: Box) => overlap(box, body.box) >= SAME_BOX;
    const seen = await this.#pose(this.#lastPicture, this.#lost.time_s, (box) => !isLost(box));
    const apart = (one: Track) => Math.hypot(one.body.x - body.x, one.body.y - body.y) / body.size;
    this.#book.replace(seen.filter(({ track }) => apart(track) >= SAME_PLACE && !isLost(track.body.box)));
  }

  /** Everyone of fitting size in a picture, in boxes that `isNew`. */
  async #pose(picture: Picture, time_s: number, isNew: (box: Box) => boolean): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const { box } of (await this.#eyes.candidates(picture)).slice(0, MAX_POSED)) {
      if (!couldBeSize(box, this.#lost.body.box) || !isNew(box)) continue;
      const sighting = await this.#eyes.inBox(picture, box);
      if (sighting) seen.push({ sighting, track: trackOf(sighting, time_s), box });
    }
    return seen;
  }
}

export function trackOf({ body, appearance }: Sighting, time_s: number): Track {
  return { body, appearance, time_s, velocity: { x: 0, y: 0 } };
}
