import type { Box } from '../events/event.ts';
import { namedOf, type SeenObject } from './seen-objects.ts';
import type { WatchedEvent } from './watch.ts';

/** Moving frames after which motion is as good as certain: 1 − 1 ÷ e of it. */
const CERTAIN_AFTER = 5;

/** An event that lasts; as JSON it is part of the watch's state. */
export interface OpenEvent {
  start_s: number;
  last_s: number;
  continues_s: number | null;
  box: Box;
  /** Where something moved in the last frame in which anything did. */
  places: Box[];
  seen: SeenObject[];
  picture_s: number;
  picture_score: number;
  /** The most that has moved in one frame, as a share of the picture. */
  peak: number;
  /** The same of the frames that the object model was shown. */
  peak_looked: number;
  frames: number;
  frames_moving: number;
  looks: number;
  looked_s: number;
  /** No look at what stands still before. */
  next_look_s: number;
  /** Somebody living was seen at the last look. */
  held: boolean;
  /** Looks since then that saw nobody. */
  misses: number;
}

export function described(event: OpenEvent): WatchedEvent {
  const { start_s, last_s, continues_s, box, seen, picture_s, peak, frames, frames_moving, looks } = event;
  return {
    start_s,
    last_s,
    motion_confidence: Math.round(100 * (1 - Math.exp(-frames_moving / CERTAIN_AFTER))) / 100,
    motion_box: box,
    detected_objects: namedOf(seen, looks),
    picture_s,
    continues_s,
    log: {
      largest_share_moving: Math.round(peak * 1e5) / 1e5,
      frames_looked_at: frames,
      frames_moving,
      object_looks: looks,
    },
  };
}
