import type { Box } from '../look.ts';
import { appearanceDistance } from './appearance.ts';
import type { Body } from './body.ts';

/** A person where and as last seen. */
export interface Track {
  body: Body;
  /** One look or several, clearly seen; see `appearanceDistance`. */
  appearance: number[];
  /** The last look, clear or not: in the haze of a low sun it is the best there is to find someone near by. */
  lastLook?: number[];
  time_s: number;
  /** Pixels a second. */
  velocity: { x: number; y: number };
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
/** Velocity is a mean over about so long. */
const VELOCITY_SECONDS = 0.15;
/** Steps up to this long are watched closely enough for motion alone to tell. */
export const CLOSE_STEP = 0.25;
/** Clothes change so much in a close step only when it is someone else's. */
const LEAP_OF_LOOKS = 0.3;

/** Out of sight a person is taken to go on as before for so long… */
const GOES_ON = 0.7;
/** …and looked for within 4 m/s of there, for so long; then anywhere. */
const SEARCH_SPEED = 8;
const SEARCH_SECONDS = 1.2;
/** Within that reach, light may change the looks so far. On the samples it does by 0.3 (shade to low sun). */
export const NEAR_LOOKS = 0.33;
/** Anywhere else the looks alone must tell: two people of the samples are at least 0.17 apart. */
export const FAR_LOOKS = 0.16;

/** A standing body's longest bone over its height. */
const SIZE_OF_HEIGHT = 0.34;

/** A person known by a box and looks only, as if lost at `time_s`. */
export function trackOfBox(box: Box, appearance: number[], time_s: number): Track {
  const size = Math.max(box.width, box.height) * SIZE_OF_HEIGHT;
  const body = { x: box.x + box.width / 2, y: box.y + box.height / 2, size, box };
  return { body, appearance, time_s, velocity: { x: 0, y: 0 } };
}

/** Where `track` is expected at `time_s`, pixels. */
function expectedAt({ body, velocity, time_s }: Track, later: number): { x: number; y: number } {
  const seconds = Math.min(GOES_ON, Math.max(0, later - time_s));
  return { x: body.x + velocity.x * seconds, y: body.y + velocity.y * seconds };
}

/** How far `now` is from where `track` is expected by then, in body sizes. */
export function distanceFromExpected(track: Track, now: Track): number {
  const { x, y } = expectedAt(track, now.time_s);
  return Math.hypot(now.body.x - x, now.body.y - y) / Math.max(track.body.size, now.body.size);
}

function scaleFits(before: Body, now: Body, seconds: number): boolean {
  const scale = Math.max(before.size / now.size, now.size / before.size);
  return scale <= SCALE_JITTER * (1 + SCALE_A_SECOND * seconds);
}

/** The track after one more sighting of the same person. */
export function continued(track: Track | null, now: Track): Track {
  if (!track) return now;
  const seconds = now.time_s - track.time_s;
  const size = track.body.size + (now.body.size - track.body.size) * SIZE_SHARE;
  const body = { ...now.body, size };
  if (seconds <= 0 || seconds > CLOSE_STEP) return { ...now, body, velocity: { x: 0, y: 0 } };
  const share = Math.min(1, seconds / VELOCITY_SECONDS);
  const mean = (old: number, moved: number) => old + (moved / seconds - old) * share;
  const velocity = {
    x: mean(track.velocity.x, now.body.x - track.body.x),
    y: mean(track.velocity.y, now.body.y - track.body.y),
  };
  return { ...now, body, velocity };
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
  if (seconds > CLOSE_STEP) return known !== null && known <= FAR_LOOKS;
  const moved = Math.hypot(now.body.x - track.body.x, now.body.y - track.body.y);
  if (moved / Math.max(track.body.size, now.body.size) > JITTER + MAX_SPEED * seconds) return false;
  const leap = appearanceDistance(looksBefore, now.appearance);
  return (leap ?? 0) <= LEAP_OF_LOOKS || (known ?? 0) <= LEAP_OF_LOOKS;
}

/**
 * Whether someone found afresh can be the person lost: near by with tolerable looks, or anywhere with the
 * same. Who walked out of the frame is not near anywhere in it.
 * @param others looks of people known not to be the person; may be empty
 */
export function isFoundAgain(
  lost: Track,
  now: Track,
  frame: { width: number; height: number },
  others: readonly number[],
): boolean {
  const seconds = now.time_s - lost.time_s;
  const known = appearanceDistance(lost.appearance, now.appearance);
  const last = appearanceDistance(lost.lastLook ?? [], now.appearance);
  const { x, y } = expectedAt(lost, now.time_s);
  const near =
    seconds <= SEARCH_SECONDS &&
    x >= 0 &&
    y >= 0 &&
    x <= frame.width &&
    y <= frame.height &&
    distanceFromExpected(lost, now) <= JITTER + SEARCH_SPEED * seconds &&
    scaleFits(lost.body, now.body, seconds);
  if (near) return Math.min(known ?? 1, last ?? 1) <= NEAR_LOOKS;
  const theirs = appearanceDistance(others, now.appearance);
  return known !== null && known <= FAR_LOOKS && (theirs === null || known < theirs);
}
