import type { Box, DetectedObject } from '../events/event.ts';
import { around } from './active-cells.ts';
import { addLook, overlapOf, type SeenObject, withoutRepeats } from './seen-objects.ts';
import type { AnswerStep, WatchChange, WatchedEvent } from './watch.ts';

/** Seconds of activity from which it is an event. */
const OPENS_AFTER_S = 0.2;
/** Seconds without activity after which what began is forgotten, and after which an event may end. */
const FORGOTTEN_AFTER_S = 0.35;
const ENDS_AFTER_S = 1.2;
/** Seconds from one look at somebody who stands still to the next, and to the next try after one that saw nobody. */
const LOOK_EVERY_S = 2;
const LOOK_AGAIN_S = 0.3;
/** Looks that may see nobody, one after the other, before somebody who stood there counts as gone. */
const MISSES = 2;
/** Seconds between two looks at what moves. */
const PEAK_EVERY_S = 1;
/** How many times as much must move as in the frames before for another look at what moves. */
const PEAK_GROWS = 1.15;
/** Confidence from which an object counts; from which somebody already seen is still there. */
const SURE = 0.3;
const STILL_THERE = 0.2;
/** Share of an object's box that must be foreground for it to belong to the event. */
const STANDS_OUT = 0.05;

/** Who holds an event open while nothing moves: a person, and COCO's animals. */
const alive = new Set([
  'person',
  ...['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
]);

interface OpenEvent {
  start_s: number;
  last_s: number;
  continues_s: number | null;
  box: Box;
  seen: SeenObject[];
  picture_s: number;
  picture_score: number;
  /** The most that has moved in one frame, as a share of the picture. */
  peak: number;
  active_frames: number;
  frames: number;
  looks: number;
  looked_s: number;
  next_look_s: number;
  /** Somebody stood there at the last look. */
  held: boolean;
  misses: number;
  /** The background was taken anew since it began. */
  rebased: boolean;
}

export interface LifeState {
  /** Activity that may become an event. */
  candidate: { start_s: number; last_s: number; box: Box; peak: number; frames: number } | null;
  event: OpenEvent | null;
  /** What the look that was asked for is about; null where none was. */
  asked: 'peak' | 'hold' | null;
  time_s: number;
}

/** What of a frame matters for the life of an event. */
export interface Seen {
  /** Share of the picture that moves; 0 for none. */
  active: number;
  box: Box | null;
  rebased: boolean;
}

/** When an event opens, how long it stays open, and what is known of it: everything about time. */
export class EventLife {
  readonly #maxDuration: number;
  readonly #state: LifeState;

  constructor(maxDuration: number, state?: LifeState) {
    this.#maxDuration = maxDuration;
    this.#state = state ?? { candidate: null, event: null, asked: null, time_s: 0 };
  }

  get state(): LifeState {
    return this.#state;
  }

  get isBusy(): boolean {
    return this.#state.event !== null || this.#state.candidate !== null;
  }

  get openEvent(): WatchedEvent | null {
    return this.#state.event && described(this.#state.event);
  }

  /** @returns what became of the event, and whether the object model is to look */
  step(time_s: number, { active, box, rebased }: Seen): { changes: WatchChange[]; wantsObjects: boolean } {
    const state = this.#state;
    const changes: WatchChange[] = [];
    // The look that was asked for never came: as if it had seen nobody.
    if (state.asked === 'hold' && state.event) changes.push(this.#close(state.event.last_s, 'ended'));
    state.asked = null;
    state.time_s = time_s;
    if (state.event && rebased) Object.assign(state.event, { rebased: true, next_look_s: time_s });
    if (active > 0 && box) changes.push(...this.#move(time_s, active, box));
    else this.#rest(time_s);
    return { changes, wantsObjects: state.asked !== null };
  }

  #move(time_s: number, active: number, box: Box): WatchChange[] {
    const state = this.#state;
    const { event } = state;
    if (!event) return this.#begin(time_s, active, box);
    event.last_s = time_s;
    event.frames++;
    event.active_frames++;
    event.box = around(event.box, box);
    if (time_s - event.start_s >= this.#maxDuration) return this.#goOn(time_s);
    const isPeak = active > event.peak * PEAK_GROWS;
    if (time_s - event.looked_s >= PEAK_EVERY_S && (isPeak || event.looks < 3)) {
      event.peak = Math.max(event.peak, active);
      this.#ask('peak', time_s);
    }
    return [];
  }

  #begin(time_s: number, active: number, box: Box): WatchChange[] {
    const state = this.#state;
    const before = state.candidate;
    state.candidate = before
      ? {
          ...before,
          last_s: time_s,
          box: around(before.box, box),
          peak: Math.max(before.peak, active),
          frames: before.frames + 1,
        }
      : { start_s: time_s, last_s: time_s, box, peak: active, frames: 1 };
    const { start_s, frames, ...candidate } = state.candidate;
    if (time_s - start_s < OPENS_AFTER_S - 1e-6) return [];
    return [
      this.#open({
        start_s,
        last_s: time_s,
        frames,
        box: candidate.box,
        peak: candidate.peak,
        continues_s: null,
      }),
    ];
  }

  #open(
    begun: Pick<OpenEvent, 'start_s' | 'last_s' | 'frames' | 'box' | 'peak' | 'continues_s'>,
  ): WatchChange {
    const state = this.#state;
    state.candidate = null;
    state.event = {
      ...begun,
      active_frames: begun.frames,
      seen: [],
      picture_s: begun.last_s,
      picture_score: 0,
      looks: 0,
      looked_s: begun.last_s,
      next_look_s: 0,
      held: false,
      misses: 0,
      rebased: false,
    };
    this.#ask('peak', begun.last_s);
    return { change: 'opened', event: described(state.event) };
  }

  /** It lasts too long for one event: another continues it. */
  #goOn(time_s: number): WatchChange[] {
    const before = this.#state.event as OpenEvent;
    const closed = this.#close(time_s, 'max_duration');
    const opened = this.#open({
      start_s: time_s,
      last_s: time_s,
      frames: 1,
      box: before.box,
      peak: 0,
      continues_s: before.start_s,
    });
    Object.assign(this.#state.event as OpenEvent, { held: before.held, rebased: before.rebased });
    return [closed, opened];
  }

  #rest(time_s: number): void {
    const state = this.#state;
    const { candidate, event } = state;
    if (candidate && time_s - candidate.last_s > FORGOTTEN_AFTER_S) state.candidate = null;
    if (!event) return;
    event.frames++;
    if (time_s - event.last_s > ENDS_AFTER_S && time_s >= event.next_look_s) this.#ask('hold', time_s);
  }

  #ask(why: 'peak' | 'hold', time_s: number): void {
    const state = this.#state;
    state.asked = why;
    if (state.event) state.event.looked_s = time_s;
  }

  /**
   * @param foregroundIn share of a box that is foreground
   * @param activeNow whether something moved in that frame
   */
  answer(
    objects: readonly DetectedObject[],
    foregroundIn: (box: Box) => number,
  ): AnswerStep & { ended: boolean } {
    const state = this.#state;
    const { event, asked } = state;
    state.asked = null;
    if (!event || !asked) return { changes: [], isPicture: false, ended: false };
    event.looks++;
    const time_s = state.time_s;
    const own = withoutRepeats(objects).filter(
      ({ box }) =>
        foregroundIn(box) >= STANDS_OUT || event.seen.some(({ last }) => overlapOf(last, box) > 0.3),
    );
    const sure = own.filter(({ confidence }) => confidence > SURE);
    if (asked === 'hold') {
      const holds = own.some(
        ({ label, confidence }) =>
          alive.has(label) && (confidence > SURE || (event.held && confidence > STILL_THERE)),
      );
      if (!holds && (!event.held || event.misses >= MISSES)) {
        return { changes: [this.#close(event.last_s, 'ended')], isPicture: false, ended: true };
      }
      if (!holds) {
        event.misses++;
        event.next_look_s = time_s + LOOK_AGAIN_S;
        return { changes: [], isPicture: false, ended: false };
      }
      event.held = true;
      event.misses = 0;
      event.last_s = time_s;
      event.next_look_s = time_s + LOOK_EVERY_S;
    } else if (sure.some(({ label }) => alive.has(label))) {
      event.held = true;
      event.misses = 0;
    }
    event.seen = addLook(event.seen, sure);
    const score = Math.max(0, ...sure.map(({ confidence }) => confidence)) + Number(event.looks === 1) * 1e-6;
    const isPicture = score > event.picture_score;
    if (isPicture) Object.assign(event, { picture_s: time_s, picture_score: score });
    const changes: WatchChange[] = [{ change: 'updated', event: described(event) }];
    if (asked === 'hold' && time_s - event.start_s >= this.#maxDuration) {
      changes.push(...this.#goOn(time_s));
    }
    return { changes, isPicture, ended: false };
  }

  end(reason: 'end_of_recording' | 'signal_lost' | 'stopped'): WatchChange[] {
    const { event } = this.#state;
    this.#state.candidate = null;
    this.#state.asked = null;
    return event ? [this.#close(event.last_s, reason)] : [];
  }

  #close(end_s: number, reason: (WatchChange & { change: 'closed' })['reason']): WatchChange {
    const event = this.#state.event as OpenEvent;
    this.#state.event = null;
    return { change: 'closed', event: described(event), end_s, reason };
  }
}

function described(event: OpenEvent): WatchedEvent {
  const { start_s, last_s, continues_s, box, seen, picture_s } = event;
  return {
    start_s,
    last_s,
    motion_confidence: Math.round(100 * (1 - Math.exp(-event.active_frames / 5))) / 100,
    motion_box: box,
    detected_objects: seen.map(({ best }) => best),
    picture_s,
    continues_s,
    log: {
      largest_share_moving: event.peak,
      frames: event.frames,
      frames_moving: event.active_frames,
      looks: event.looks,
    },
  };
}
