import type { Box } from '../analysis/look.ts';
import { rememberLook } from '../analysis/tracking/appearance.ts';
import { recogniseBystanders } from '../analysis/tracking/bystanders.ts';
import { continued, type Track } from '../analysis/tracking/continuity.ts';
import { overlap } from '../analysis/tracking/person-choice.ts';

/** Places seen so lately still tell where someone is. */
const FRESH = 1;
/** A bystander's box that hardly moved needs no second look. */
const STAYED = 0.5;

interface Bystander {
  track: Track;
  /** As the detector last gave it. */
  box: Box;
}

/** Who else there is: where each was last seen, and how all of them ever looked. */
export class BystanderBook {
  /** Looks of everyone known not to be the person; they outlast their places. */
  looks: number[] = [];
  #bystanders: Bystander[] = [];

  /** Whether the places are known well enough not to look for them again. */
  isFresh(time_s: number): boolean {
    return (
      this.#bystanders.length > 0 && this.#bystanders.every(({ track }) => time_s - track.time_s <= FRESH)
    );
  }

  /** Begins anew with those seen at one time. */
  replace(seen: readonly Bystander[]): void {
    this.#bystanders = [...seen];
    for (const { track } of seen) this.rememberLooks(track.appearance);
  }

  rememberLooks(appearance: readonly number[]): void {
    this.looks = rememberLook(this.looks, appearance);
  }

  /** Notes a bystander whose box hardly moved; false where nobody stood there. */
  stayed(box: Box, time_s: number): boolean {
    const known = this.#bystanders.find((bystander) => overlap(bystander.box, box) >= STAYED);
    if (!known) return false;
    const { track, box: old } = known;
    const x = track.body.x + box.x + box.width / 2 - old.x - old.width / 2;
    const y = track.body.y + box.y + box.height / 2 - old.y - old.height / 2;
    const seconds = time_s - track.time_s;
    const velocity =
      seconds > 0 ? { x: (x - track.body.x) / seconds, y: (y - track.body.y) / seconds } : track.velocity;
    known.track = { ...track, velocity, time_s, body: { ...track.body, x, y } };
    known.box = box;
    return true;
  }

  /** Notes the bystanders among those seen, and returns who is none: any of them may be the person. */
  leaveOut<Seen extends Bystander>(person: Track, seen: readonly Seen[]): Seen[] {
    const recognised = recogniseBystanders(
      person,
      this.#bystanders.map(({ track }) => track),
      seen.map(({ track }) => track),
    );
    return seen.filter(({ track, box }, i) => {
      const as = recognised[i] ?? null;
      if (as === null) return true;
      const known = this.#bystanders[as] as Bystander;
      this.#bystanders[as] = { track: continued(known.track, track), box };
      this.rememberLooks(track.appearance);
      return false;
    });
  }
}
