import type { Box } from '../analysis/technique/look.ts';
import { recogniseBystanders } from '../analysis/technique/tracking/bystanders.ts';
import { continued, isFoundAgain, type Track } from '../analysis/technique/tracking/continuity.ts';
import { couldBeSize, overlap } from '../analysis/technique/tracking/person-choice.ts';
import { holdPicture, type Picture } from '../media/video/picture.ts';
import type { Eyes, Sighting } from './see-people.ts';

/** The first search waits for a dropout of a frame or two to end by itself. */
const FIRST_AFTER = 0.15;
/** Each further one waits so much longer, up to a limit: a search costs seven poses and more. */
const BACK_OFF = 1.3;
const LONGEST_WAIT = 0.5;
/** A detection that overlaps the followed person so much is them. */
const SAME_BOX = 0.3;
/** A bystander's box that hardly moved needs no second look. */
const STAYED = 0.5;
/** People a search takes a closer look at. */
const MAX_POSED = 5;

/** Bystanders seen so lately need not be looked up in the last picture of the person. */
const FRESH = 1;

/** Someone else, and the box the detector last gave them. */
export interface Bystander {
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
  /** The last picture that showed the person; null where it is too long ago to tell who is who now. */
  readonly #lastPicture: Picture | null;
  readonly #lostAt: number;
  #bystanders: Bystander[] | null;
  #next: number;
  #wait = FIRST_AFTER;

  /** @param known bystanders of an earlier search */
  constructor(eyes: Eyes, lost: Track, lastPicture: Picture | null, known: readonly Bystander[]) {
    const fresh = known.length > 0 && known.every(({ track }) => lost.time_s - track.time_s <= FRESH);
    this.#bystanders = fresh ? [...known] : null;
    this.#eyes = eyes;
    this.#lost = lost;
    this.#lastPicture = lastPicture && holdPicture(lastPicture);
    this.#lostAt = lost.time_s;
    this.#next = lost.time_s + FIRST_AFTER;
  }

  /** Whether `seen`, found where the person was lost, is them. */
  isThem(picture: Picture, seen: Sighting, time_s: number): boolean {
    const now = trackOf(seen, time_s);
    if (!isFoundAgain(this.#lost, now, picture.geometry)) return false;
    const known = (this.#bystanders ?? []).map(({ track }) => track);
    return recogniseBystanders(this.#lost, known, [now])[0] === null;
  }

  /** Whether it is time to look again. */
  isDue(time_s: number): boolean {
    return time_s >= this.#next;
  }

  /** Looks through the whole picture; null when the person is not there. */
  async look(picture: Picture, time_s: number): Promise<Sighting | null> {
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * BACK_OFF);
    this.#next = time_s + this.#wait;
    this.#bystanders ??= await this.#whoElse();
    const bystanders = this.#bystanders;
    const unknown: { seen: Sighting; box: Box }[] = [];
    for (const { box } of (await this.#eyes.candidates(picture)).slice(0, MAX_POSED)) {
      if (!couldBeSize(box, this.#lost.body.box)) continue;
      const stayed = bystanders.find((bystander) => overlap(bystander.box, box) >= STAYED);
      if (stayed) moveTo(stayed, box, time_s);
      const seen = stayed ? null : await this.#eyes.inBox(picture, box);
      if (seen) unknown.push({ seen, box });
    }
    return this.#tell(picture, unknown, bystanders, time_s);
  }

  async #tell(
    picture: Picture,
    unknown: readonly { seen: Sighting; box: Box }[],
    bystanders: Bystander[],
    time_s: number,
  ): Promise<Sighting | null> {
    const tracks = unknown.map(({ seen }) => trackOf(seen, time_s));
    const recognised = recogniseBystanders(
      this.#lost,
      bystanders.map(({ track }) => track),
      tracks,
    );
    let found: Sighting | null = null;
    for (const [i, { seen, box }] of unknown.entries()) {
      const now = tracks[i] as Track;
      const as = recognised[i];
      if (typeof as === 'number')
        bystanders[as] = { track: continued((bystanders[as] as Bystander).track, now), box };
      else if (!found && isFoundAgain(this.#lost, now, picture.geometry)) found = seen;
    }
    return found && this.#eyes.closer(picture, found);
  }

  /** Those in the last picture of the person who are not the person. */
  async #whoElse(): Promise<Bystander[]> {
    const others: Bystander[] = [];
    if (!this.#lastPicture) return others;
    for (const { box } of (await this.#eyes.candidates(this.#lastPicture)).slice(0, MAX_POSED)) {
      if (overlap(box, this.#lost.body.box) >= SAME_BOX || !couldBeSize(box, this.#lost.body.box)) continue;
      const seen = await this.#eyes.inBox(this.#lastPicture, box);
      const isLost = seen && overlap(seen.body.box, this.#lost.body.box) >= SAME_BOX;
      if (seen && !isLost) others.push({ track: trackOf(seen, this.#lostAt), box });
    }
    return others;
  }

  get bystanders(): readonly Bystander[] {
    return this.#bystanders ?? [];
  }

  [Symbol.dispose](): void {
    this.#lastPicture?.frame.free();
  }
}

export function trackOf({ body, appearance }: Sighting, time_s: number): Track {
  return { body, appearance, time_s, velocity: { x: 0, y: 0 } };
}

function moveTo(bystander: Bystander, box: Box, time_s: number): void {
  const { track, box: old } = bystander;
  const x = track.body.x + box.x + box.width / 2 - old.x - old.width / 2;
  const y = track.body.y + box.y + box.height / 2 - old.y - old.height / 2;
  const seconds = time_s - track.time_s;
  const velocity =
    seconds > 0 ? { x: (x - track.body.x) / seconds, y: (y - track.body.y) / seconds } : track.velocity;
  bystander.track = { ...track, velocity, time_s, body: { ...track.body, x, y } };
  bystander.box = box;
}
