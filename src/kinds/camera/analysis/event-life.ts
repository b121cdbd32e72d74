import type { Box, DetectedObject } from '../events/event.ts';
import { around, commonArea, overlapOf, widened } from './boxes.ts';
import { type Candidate, follow, isAmong, isDoubtful, isEvent, resumes } from './candidates.ts';
import type { Cluster } from './clusters.ts';
import { described, type OpenEvent } from './open-event.ts';
import type { Sight } from './scene.ts';
import { addLook, isLiving, isMover, withoutRepeats } from './seen-objects.ts';
import type { WatchChange, WatchedEvent, WatchStep } from './watch.ts';

/** Seconds without motion after which an event may end. */
const ENDS_AFTER_S = 1.2;
/** Seconds without motion after which motion must last again to go on with it. */
const PAUSE_S = 0.5;
/** Seconds without a frame, and of frames that show nothing, after which it has ended whatever comes. */
const GAP_S = 30;
const BLIND_S = 10;
/** Seconds from one look at somebody who stands still to the next, and to the next try after one that saw nobody. */
const LOOK_EVERY_S = 2;
const LOOK_AGAIN_S = 0.3;
/** Looks that may see nobody, one after the other, before somebody who stood there counts as gone. */
const MISSES = 2;
/** Seconds between frames from which a look is not tried again: somebody else may have come by then. */
const SLOW_S = 0.5;
/** Seconds between two looks at what moves: where more moves than in those before, and in any case. */
const PEAK_EVERY_S = 1;
const MOVING_EVERY_S = 10;
/** How many times as much must move for another look, after the first few. */
const PEAK_GROWS = 1.15;
const FIRST_LOOKS = 3;
/** Confidence from which an object counts; from which somebody already seen is still there. */
const SURE = 0.3;
const STILL_THERE = 0.2;
/** Confidence from which somebody who moved is looked for again when one look sees nobody. */
const CLEAR = 0.45;
/** Share of an object's box that must be foreground for it to belong to the event. */
const STANDS_OUT = 0.15;
/** Overlap with where it was seen in the same event that stands for that. */
const SAME_PLACE = 0.3;
/** What is shown to the object model around the place that matters: of its own size on each side, and of the picture at least. */
const AROUND = 0.35;
const LEAST_SHOWN = 0.2;
/** Share of the picture from which the whole is shown. */
const WHOLE = 0.5;

export interface LifeState {
  candidates: Candidate[];
  event: OpenEvent | null;
  /** What the look that was asked for is about; null where none was. */
  asked: 'moving' | 'resting' | 'doubtful' | null;
  time_s: number | null;
  /** From the frame before to the last. */
  step_s: number;
}

/** What an answer brings. */
export interface LifeAnswer {
  changes: WatchChange[];
  isPicture: boolean;
  ended: boolean;
}

/** When an event opens, how long it stays open, and what is known of it: everything about time. */
export class EventLife {
  readonly #maxDuration: number;
  readonly #state: LifeState;

  constructor(maxDuration: number, state?: LifeState) {
    this.#maxDuration = maxDuration;
    this.#state = state ?? { candidates: [], event: null, asked: null, time_s: null, step_s: 0 };
  }

  get state(): LifeState {
    return this.#state;
  }

  get openEvent(): WatchedEvent | null {
    return this.#state.event && described(this.#state.event);
  }

  /** @returns what became of the event, and whether the object model is to look */
  step(time_s: number, { moving, rebased, blind }: Sight): Omit<WatchStep, 'sceneChange'> {
    const state = this.#state;
    const changes: WatchChange[] = [];
    const seconds = state.time_s === null ? 0 : time_s - state.time_s;
    // The look that was asked for never came: as if it had seen nobody.
    const unanswered = state.asked === 'resting' || seconds > GAP_S;
    if (state.event && unanswered) changes.push(this.#close(state.event.last_s, 'ended'));
    state.asked = null;
    state.time_s = time_s;
    state.step_s = seconds;
    if (blind) {
      state.candidates = [];
      if (state.event && time_s - state.event.last_s > BLIND_S) {
        changes.push(this.#close(state.event.last_s, 'ended'));
      }
      return { changes, wantsObjects: false, lookAt: null };
    }
    if (state.event && rebased) state.event.next_look_s = time_s;
    changes.push(...this.#move(time_s, moving, seconds));
    return { changes, wantsObjects: state.asked !== null, lookAt: this.#lookAt() };
  }

  #lookAt(): Box | null {
    const { asked, event, candidates, time_s } = this.#state;
    if (asked === null) return null;
    const places =
      asked === 'doubtful' || !event
        ? candidates.filter(({ looked_s }) => looked_s === time_s).map(({ last }) => last)
        : [...event.places, ...event.seen.filter(({ best }) => isLiving(best)).map(({ last }) => last)];
    if (places.length === 0) return null;
    const shown = widened(places.reduce(around), AROUND, LEAST_SHOWN);
    return shown.width * shown.height > WHOLE ? null : shown;
  }

  #move(time_s: number, moving: readonly Cluster[], seconds: number): WatchChange[] {
    const state = this.#state;
    const { event } = state;
    const own = event ? moving.filter((one) => goesOn(event, one, time_s, seconds)) : [];
    state.candidates = follow(
      state.candidates,
      moving.filter((one) => !own.includes(one)),
      time_s,
      seconds,
    );
    const events = state.candidates.filter(
      (one) => isEvent(one) || (event && resumes(one) && isAmong(event.places, one.last, seconds)),
    );
    state.candidates = state.candidates.filter((one) => !events.includes(one));
    if (!event) {
      if (events.length > 0) return [this.#open(events)];
      this.#doubt(time_s);
      return [];
    }
    event.frames++;
    const boxes = [...own.map(({ box }) => box), ...events.map(({ last }) => last)];
    if (boxes.length === 0) {
      const rested_s = time_s - event.last_s + seconds / 2;
      if (rested_s > ENDS_AFTER_S + 0.05 && time_s >= event.next_look_s) this.#ask('resting', time_s);
      return [];
    }
    return this.#goOn(time_s, event, boxes, [
      ...own.map(({ share }) => share),
      ...events.map(({ peak }) => peak),
    ]);
  }

  #goOn(time_s: number, event: OpenEvent, boxes: Box[], shares: number[]): WatchChange[] {
    event.last_s = time_s;
    event.frames_moving++;
    event.places = boxes;
    event.box = boxes.reduce(around, event.box);
    const share = shares.reduce((sum, one) => sum + one, 0);
    event.peak = Math.max(event.peak, share);
    if (time_s - event.start_s >= this.#maxDuration) return this.#continue(time_s);
    const since_s = time_s - event.looked_s;
    const isPeak = share > event.peak_looked * PEAK_GROWS || event.looks < FIRST_LOOKS;
    if ((since_s >= PEAK_EVERY_S && isPeak) || since_s >= MOVING_EVERY_S) {
      event.peak_looked = Math.max(event.peak_looked, share);
      this.#ask('moving', time_s);
    }
    return [];
  }

  /** Something moves in its place: the object model tells leaves from somebody. */
  #doubt(time_s: number): void {
    const doubtful = this.#state.candidates.filter((one) => isDoubtful(one, time_s));
    if (doubtful.length === 0) return;
    for (const one of doubtful) one.looked_s = time_s;
    this.#ask('doubtful', time_s);
  }

  #open(events: readonly Candidate[]): WatchChange {
    const boxes = events.map(({ last }) => last);
    const peak = events.reduce((sum, one) => sum + one.peak, 0);
    return this.#begin({
      start_s: Math.min(...events.map(({ start_s }) => start_s)),
      last_s: Math.max(...events.map(({ last_s }) => last_s)),
      frames_moving: Math.max(...events.map(({ frames }) => frames)),
      places: boxes,
      box: events.map(({ box }) => box).reduce(around),
      peak,
      continues_s: null,
    });
  }

  #begin(
    begun: Pick<
      OpenEvent,
      'start_s' | 'last_s' | 'frames_moving' | 'places' | 'box' | 'peak' | 'continues_s'
    >,
  ): WatchChange {
    const time_s = this.#state.time_s as number;
    this.#state.event = {
      ...begun,
      frames: begun.frames_moving,
      peak_looked: begun.peak,
      seen: [],
      picture_s: begun.last_s,
      picture_score: 0,
      looks: 0,
      looked_s: time_s,
      next_look_s: time_s,
      held: false,
      misses: 0,
    };
    this.#ask('moving', time_s);
    return { change: 'opened', event: described(this.#state.event) };
  }

  /** It lasts too long for one event: another continues it. */
  #continue(time_s: number): WatchChange[] {
    const { start_s, places, held } = this.#state.event as OpenEvent;
    const closed = this.#close(time_s, 'max_duration');
    const box = places.reduce(around);
    const opened = this.#begin({
      start_s: time_s,
      last_s: time_s,
      frames_moving: 1,
      places,
      box,
      peak: 0,
      continues_s: start_s,
    });
    (this.#state.event as OpenEvent).held = held;
    return [closed, opened];
  }

  #ask(why: 'moving' | 'resting' | 'doubtful', time_s: number): void {
    const state = this.#state;
    state.asked = why;
    if (state.event) state.event.looked_s = time_s;
  }

  /** @param foregroundIn share of a box that is foreground */
  answer(objects: readonly DetectedObject[], foregroundIn: (box: Box) => number): LifeAnswer {
    const state = this.#state;
    const { event, asked } = state;
    state.asked = null;
    const all = withoutRepeats(objects);
    if (asked === 'doubtful') return this.#resolve(all, foregroundIn);
    if (!event || !asked) return { changes: [], isPicture: false, ended: false };
    event.looks++;
    const own = all.filter(
      ({ box }) =>
        foregroundIn(box) >= STANDS_OUT || event.seen.some(({ last }) => overlapOf(last, box) > SAME_PLACE),
    );
    const sure = own.filter(({ confidence }) => confidence > SURE);
    if (asked === 'resting') {
      const ended = this.#rest(event, own);
      if (ended) return ended;
    } else if (sure.some((one) => isLiving(one) && one.confidence > CLEAR)) {
      Object.assign(event, { held: true, misses: 0 });
    }
    return this.#look(event, sure, asked === 'resting');
  }

  /** What moved in its place is an event where it is something that moves by itself. */
  #resolve(all: readonly DetectedObject[], foregroundIn: (box: Box) => number): LifeAnswer {
    const state = this.#state;
    const movers = all.filter(
      (one) => isMover(one) && one.confidence > SURE && foregroundIn(one.box) >= STANDS_OUT,
    );
    const events = state.candidates.filter(
      (one) => one.looked_s === state.time_s && movers.some(({ box }) => commonArea(box, one.last) > 0),
    );
    if (events.length === 0) return { changes: [], isPicture: false, ended: false };
    state.candidates = state.candidates.filter((one) => !events.includes(one));
    const opened = this.#open(events);
    state.asked = null;
    const event = state.event as OpenEvent;
    event.looks++;
    event.held = movers.some((one) => isLiving(one) && one.confidence > CLEAR);
    const look = this.#look(event, movers, false);
    return { ...look, changes: [opened, ...look.changes] };
  }

  /** @returns null where somebody is still there */
  #rest(event: OpenEvent, own: readonly DetectedObject[]): LifeAnswer | null {
    const time_s = this.#state.time_s as number;
    const least = event.held ? STILL_THERE : SURE;
    if (own.some((one) => isLiving(one) && one.confidence > least)) {
      Object.assign(event, { held: true, misses: 0, last_s: time_s, next_look_s: time_s + LOOK_EVERY_S });
      return null;
    }
    const triesAgain = event.held && event.misses < MISSES && this.#state.step_s < SLOW_S;
    if (!triesAgain) return { changes: [this.#close(event.last_s, 'ended')], isPicture: false, ended: true };
    event.misses++;
    event.next_look_s = time_s + LOOK_AGAIN_S;
    return { changes: [], isPicture: false, ended: false };
  }

  #look(event: OpenEvent, sure: readonly DetectedObject[], isResting: boolean): LifeAnswer {
    const time_s = this.#state.time_s as number;
    event.seen = addLook(event.seen, sure);
    // The first frame is the picture until one shows more.
    const score = Math.max(event.looks === 1 ? 1e-6 : 0, ...sure.map(({ confidence }) => confidence));
    const isPicture = score > event.picture_score;
    if (isPicture) Object.assign(event, { picture_s: time_s, picture_score: score });
    const changes: WatchChange[] = [{ change: 'updated', event: described(event) }];
    if (!isResting || time_s - event.start_s < this.#maxDuration) return { changes, isPicture, ended: false };
    changes.push(...this.#continue(time_s));
    this.#state.asked = null;
    // The frame is the first of the event that continues it, too.
    const next = this.#state.event as OpenEvent;
    Object.assign(next, { looks: 1, seen: addLook([], sure), picture_score: score });
    return { changes, isPicture: true, ended: false };
  }

  end(reason: 'end_of_recording' | 'signal_lost' | 'stopped'): WatchChange[] {
    const { event } = this.#state;
    this.#state.candidates = [];
    this.#state.asked = null;
    return event ? [this.#close(event.last_s, reason)] : [];
  }

  #close(end_s: number, reason: (WatchChange & { change: 'closed' })['reason']): WatchChange {
    const event = this.#state.event as OpenEvent;
    this.#state.event = null;
    this.#state.candidates = [];
    return { change: 'closed', event: described(event), end_s, reason };
  }
}

/** Whether a cluster is the event's: near to where something of it moved just now. */
function goesOn({ places, last_s }: OpenEvent, { box }: Cluster, time_s: number, seconds: number): boolean {
  return time_s - last_s <= Math.max(PAUSE_S, 1.5 * seconds) && isAmong(places, box, seconds);
}
