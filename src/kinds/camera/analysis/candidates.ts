import type { Box } from '../events/event.ts';
import { around, gapOf } from './boxes.ts';
import type { Cluster } from './clusters.ts';

/** Seconds of motion from which it is an event; of little motion, longer. */
const OPENS_AFTER_S = 0.2;
const LITTLE_OPENS_AFTER_S = 0.6;
const RESUMES_AFTER_S = 0.25;
/** Seconds without motion after which what began is forgotten. */
const FORGOTTEN_AFTER_S = 0.35;
/** Share of the picture that is motion wherever it stays, that is motion where it travels, and that is little motion. */
const LARGE = 0.01;
const ENOUGH = 0.0015;
/** How far it must travel: in its own size, and in the picture's. */
const OF_ITS_SIZE = 0.25;
const OF_THE_PICTURE = 0.012;
const LITTLE_OF_THE_PICTURE = 0.022;
/** Share of its way by which it must get on: leaves wander. */
const STRAIGHT = 0.4;
/** How far apart two clusters of one thing may be, in the picture's size, a tenth of a second later. */
const REACH = 0.06;
/** Seconds after which a look tells what moves in its place, and until the next such look. */
const LOOK_AFTER_S = 0.8;
const LOOK_EVERY_S = 3;
/** Things followed at once; of more, the largest. */
const MOST = 8;

/** Something that moves, and may become an event. */
export interface Candidate {
  start_s: number;
  last_s: number;
  frames: number;
  /** Where its middle was first. */
  x: number;
  y: number;
  /** How far its middle has been from there, in the picture's size. */
  travelled: number;
  /** How long its way was, and the longest step of it. */
  way: number;
  leap: number;
  /** Where its middle was last. */
  at: [x: number, y: number];
  /** Where it was last, and all of it. */
  last: Box;
  box: Box;
  peak: number;
  looked_s: number | null;
}

/**
 * Whether something that moves is close enough to one of the places where something moved to belong to it.
 * @param seconds from one frame to the next
 */
export function isAmong(places: readonly Box[], box: Box, seconds: number): boolean {
  return places.some((place) => gapOf(box, place) <= REACH * Math.max(1, seconds * 10));
}

/** Follows each cluster, or begins with it; forgets what has stopped. */
export function follow(
  candidates: readonly Candidate[],
  clusters: readonly Cluster[],
  time_s: number,
  seconds: number,
): Candidate[] {
  const free = new Set(candidates);
  const followed = clusters.slice(0, MOST).map((cluster) => {
    const known = [...free].find(({ last }) => isAmong([last], cluster.box, seconds));
    if (!known) return begun(cluster, time_s);
    free.delete(known);
    return moved(known, cluster, time_s);
  });
  const paused = [...free].filter(
    ({ last_s }) => time_s - last_s <= Math.max(FORGOTTEN_AFTER_S, 1.5 * seconds),
  );
  return [...followed, ...paused].slice(0, MOST);
}

function begun({ share, box, x, y }: Cluster, time_s: number): Candidate {
  const at = {
    start_s: time_s,
    last_s: time_s,
    frames: 1,
    x,
    y,
    travelled: 0,
    way: 0,
    leap: 0,
    at: [x, y] as [number, number],
  };
  return { ...at, last: box, box, peak: share, looked_s: null };
}

function moved(known: Candidate, { share, box, x, y }: Cluster, time_s: number): Candidate {
  const step = Math.hypot(x - known.at[0], y - known.at[1]);
  return {
    ...known,
    last_s: time_s,
    frames: known.frames + 1,
    travelled: Math.max(known.travelled, Math.hypot(x - known.x, y - known.y)),
    way: known.way + step,
    leap: Math.max(known.leap, step),
    at: [x, y],
    last: box,
    box: around(known.box, box),
    peak: Math.max(known.peak, share),
  };
}

/**
 * Whether it is an event. What is large is one wherever it stays; what is smaller only when it travels, for leaves and flags
 * do not; what is smaller still must travel farther, and longer.
 */
export function isEvent({ start_s, last_s, frames, travelled, way, leap, last, peak }: Candidate): boolean {
  const lasted_s = last_s - start_s + 1e-6;
  if (lasted_s < OPENS_AFTER_S || frames < 2) return false;
  if (peak >= LARGE) return true;
  if (travelled < STRAIGHT * way) return false;
  // One leap is no way: the middle leaps where a cluster comes apart.
  const got = travelled - leap;
  const size = Math.sqrt(last.width * last.height);
  if (peak >= ENOUGH) return got >= Math.max(OF_THE_PICTURE, OF_ITS_SIZE * size);
  return lasted_s >= LITTLE_OPENS_AFTER_S && got >= Math.max(LITTLE_OF_THE_PICTURE, OF_ITS_SIZE * size);
}

/** Whether it is enough, and lasts long enough, to be the motion of an event that paused in the same place. */
export function resumes({ start_s, last_s, frames, peak }: Candidate): boolean {
  return frames >= 2 && peak >= ENOUGH && last_s - start_s + 1e-6 >= RESUMES_AFTER_S;
}

/** Whether the object model is to tell what moves in its place. */
export function isDoubtful({ start_s, last_s, looked_s }: Candidate, time_s: number): boolean {
  if (last_s !== time_s) return false;
  return looked_s === null ? time_s - start_s >= LOOK_AFTER_S : time_s - looked_s >= LOOK_EVERY_S;
}
