import type { WatchChange, WatchedEvent } from '../../analysis/watch.ts';
import type { LiveClip, LiveEvent, LiveEventChange } from '../../live/live-change.ts';
import type { WallClock } from '../../live/wall-clock.ts';

/** Before and after an event, seconds. */
export const around_s = 3;
/** Of an open event nothing is told more often, seconds; its first picture is. */
const updates_s = 2;

/** Where a stretch of the stream begins from which ids of events derive. */
interface SourceMark {
  at_s: number;
  source: string;
}

/** More than an event can be older than what is being read. */
const marksKept = 200;

/** A clip that is being written. */
export interface OpenClip {
  /** Ends the file. */
  finish(event: { start_s: number; end_s: number }): LiveClip | null;
}

interface Told {
  key: string;
  continues: string | null;
  started_ms: number;
  time_source: LiveEvent['time_source'];
  source: string;
  media_start_s: number;
  start_s: number;
  picture: string | null;
  clip: OpenClip | null;
  noClip: string | null;
  /** Of the last change that was told. */
  told_s: number;
  closing: Extract<WatchChange, { change: 'closed' }> | null;
}

/**
 * What is told of the events of one connection: which times they have on the clock of the world, and, once the video after
 * them has come, that they are closed.
 */
export class LiveEvents {
  readonly #prefix: string;
  readonly #clock: WallClock;
  readonly #tell: (change: LiveEventChange) => void;
  readonly #openClip: (start_s: number) => { clip: OpenClip } | { none: string };
  readonly #events: Told[] = [];
  #marks: SourceMark[] = [];
  #count = 0;
  /** Keys by the start of their event, for the one that continues it. */
  #latest: { start_s: number; key: string } | null = null;

  constructor(options: {
    prefix: string;
    clock: WallClock;
    tell: (change: LiveEventChange) => void;
    openClip: (start_s: number) => { clip: OpenClip } | { none: string };
  }) {
    this.#prefix = options.prefix;
    this.#clock = options.clock;
    this.#tell = options.tell;
    this.#openClip = options.openClip;
  }

  /** From here on the stream's source is another. */
  mark(source: string, at_s: number): void {
    if (this.#marks.at(-1)?.source === source) return;
    this.#marks.push({ source, at_s });
    this.#marks = this.#marks.slice(-marksKept);
  }

  /** Whether something new of an open event is to be told by now, or at least its first picture: `take` it as an update. */
  wants(event: WatchedEvent): 'update' | 'picture' | null {
    const told = this.#find(event);
    if (!told) return null;
    if (event.last_s - told.told_s >= updates_s) return 'update';
    return told.picture === null ? 'picture' : null;
  }

  /** @param picture a file that shows the event better than any before; updates that are not due are passed over */
  take(change: WatchChange, picture?: string): void {
    if (change.change === 'opened') this.#open(change.event);
    const told = this.#find(change.event);
    if (!told) return;
    const isDue = picture !== undefined || change.event.last_s - told.told_s >= updates_s;
    told.picture = picture ?? told.picture;
    if (change.change === 'closed') told.closing = change;
    else if (isDue) this.#update(told, change.event);
  }

  /** Everything up to a time has come: what had to wait for it is closed. */
  upTo(time_s: number): void {
    for (const told of [...this.#events]) {
      if (told.closing && time_s >= told.closing.end_s + around_s) this.#close(told);
    }
  }

  /** Nothing more comes of this stretch. */
  finish(): void {
    this.upTo(Number.POSITIVE_INFINITY);
    this.#events.length = 0;
  }

  #find(event: WatchedEvent): Told | undefined {
    return this.#events.find(({ start_s, closing }) => start_s === event.start_s && !closing);
  }

  #open(event: WatchedEvent): void {
    const { at_ms, time_source } = this.#clock.at(event.start_s);
    const mark = this.#marks.findLast(({ at_s }) => at_s <= event.start_s) ?? this.#marks[0];
    if (!mark) throw new Error('an event opened before anything was read');
    const key = `${this.#prefix}/${++this.#count}`;
    const opened = this.#openClip(event.start_s);
    const continued = event.continues_s !== null && this.#latest?.start_s === event.continues_s;
    const told: Told = {
      key,
      continues: continued ? (this.#latest?.key ?? null) : null,
      started_ms: at_ms,
      time_source,
      source: mark.source,
      media_start_s: Math.round((event.start_s - mark.at_s) * 1000) / 1000,
      start_s: event.start_s,
      picture: null,
      clip: 'clip' in opened ? opened.clip : null,
      noClip: 'none' in opened ? opened.none : null,
      told_s: event.last_s,
      closing: null,
    };
    this.#events.push(told);
    this.#latest = { start_s: event.start_s, key };
    this.#tell({ change: 'opened', event: eventOf(told, event), picture: null });
  }

  #update(told: Told, event: WatchedEvent): void {
    told.told_s = event.last_s;
    this.#tell({ change: 'updated', event: eventOf(told, event), picture: told.picture });
  }

  #close(told: Told): void {
    const { closing } = told;
    if (!closing) return;
    this.#events.splice(this.#events.indexOf(told), 1);
    const { event, end_s, reason } = closing;
    const clip = told.clip?.finish({ start_s: event.start_s, end_s }) ?? null;
    this.#tell({
      change: 'closed',
      event: eventOf(told, event),
      ended_at: wallTime(told, end_s),
      reason,
      picture: told.picture,
      clip,
      no_clip: clip ? null : (told.noClip ?? 'Its video could not be written.'),
    });
  }
}

/** What lasts so long by the stream's clock lasts so long in the world: its end does not depend on what was said since. */
function wallTime({ started_ms, start_s }: Told, at_s: number): string {
  return new Date(Math.round(started_ms + Math.max(0, at_s - start_s) * 1000)).toISOString();
}

function eventOf(told: Told, watched: WatchedEvent): LiveEvent {
  const { key, continues, time_source, source, media_start_s } = told;
  return {
    key,
    continues,
    started_at: wallTime(told, told.start_s),
    last_seen_at: wallTime(told, watched.last_s),
    time_source,
    source,
    media_start_s,
    watched,
  };
}
