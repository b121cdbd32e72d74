import { appearanceDistance } from './appearance-distance.ts';
import type { Body } from './body.ts';

/** A person where and as last seen. */
export interface Track {
  body: Body;
  /** One look or several; see `appearanceDistance`. */
  appearance: number[];
  time_s: number;
}

/** Lengths below are in body sizes (`Body.size`, about half a metre), times in seconds, distances 0–1. */

/** The fastest a runner's trunk moves, 12 m/s, is 24; the rest is for a panning camera. */
const MAX_SPEED = 30;
/** Jitter of the pose model between two frames. */
const JITTER = 0.5;
/** Growth or shrinking in one step that the model's jitter explains, and the share more that a second allows. */
const SCALE_JITTER = 1.6;
const SCALE_A_SECOND = 0.6;
/** What one sighting counts in the size a track is taken to have: a bent body looks shorter for a while. */
const SIZE_SHARE = 0.15;
/** Steps up to this long are watched closely enough for motion alone to tell. */
const CLOSE_STEP = 0.25;
/** Clothes change so much in a close step only when it is someone else's. */
const LEAP_OF_LOOKS = 0.3;

/** While lost, a person is looked for within 4 m/s of where they were, for so long; then anywhere. */
const SEARCH_SPEED = 8;
const SEARCH_SECONDS = 2;
/** Within that reach, light may change the looks so far. On the samples it does by 0.5 (shade to low sun). */
const NEAR_LOOKS = 0.45;
/** Anywhere else the looks alone must tell: two people of the samples are at least 0.17 apart. */
const FAR_LOOKS = 0.15;

/** The track after one more sighting of the same person. */
export function continued(track: Track | null, now: Track): Track {
  if (!track) return now;
  const size = track.body.size + (now.body.size - track.body.size) * SIZE_SHARE;
  return { ...now, body: { ...now.body, size } };
}

/** How far `now` is from `before`, in body sizes. */
export function distanceMoved(before: Body, now: Body): number {
  return Math.hypot(now.x - before.x, now.y - before.y) / Math.max(before.size, now.size);
}

function scaleFits(before: Body, now: Body, seconds: number): boolean {
  const scale = Math.max(before.size / now.size, now.size / before.size);
  return scale <= SCALE_JITTER * (1 + SCALE_A_SECOND * seconds);
}

/**
 * Whether the pose found by following (in the crop around the last one) can be the same person. False is a
 * jump: the model took hold of someone or something else.
 * @param looksBefore the single look of the frame before
 */
export function isContinued(track: Track, looksBefore: readonly number[], now: Track): boolean {
  const seconds = now.time_s - track.time_s;
  if (!scaleFits(track.body, now.body, seconds)) return false;
  const known = appearanceDistance(track.appearance, now.appearance);
  if (seconds > CLOSE_STEP) {
    return (
      distanceMoved(track.body, now.body) <= JITTER + SEARCH_SPEED * seconds && (known ?? 0) <= NEAR_LOOKS / 2
    );
  }
  if (distanceMoved(track.body, now.body) > JITTER + MAX_SPEED * seconds) return false;
  const leap = appearanceDistance(looksBefore, now.appearance);
  return (leap ?? 0) <= LEAP_OF_LOOKS || (known ?? 0) <= LEAP_OF_LOOKS;
}

/** Whether someone found afresh can be the person lost: near by with tolerable looks, or anywhere with the same. */
export function isFoundAgain(lost: Track, now: Track): boolean {
  const seconds = now.time_s - lost.time_s;
  const looks = appearanceDistance(lost.appearance, now.appearance);
  const near =
    seconds <= SEARCH_SECONDS &&
    distanceMoved(lost.body, now.body) <= JITTER + SEARCH_SPEED * seconds &&
    scaleFits(lost.body, now.body, seconds);
  return looks !== null && looks <= (near ? NEAR_LOOKS : FAR_LOOKS);
}
