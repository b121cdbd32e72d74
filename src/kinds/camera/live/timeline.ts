/** When a packet is to be decoded and shown, seconds of its stream's own clock; null where the stream does not say. */
export interface StreamTimes {
  dts_s: number | null;
  pts_s: number | null;
  /** 0 where it is not known. */
  duration_s: number;
  /** When it came, seconds of a clock that only runs forward. */
  arrived_s: number;
  /** What time it was by the camera's word, seconds; for frames of which nothing else is known. */
  said_s?: number | null;
}

/** The same packet on a line of time that begins with 0 and never goes back. */
export interface Placed {
  dts_s: number;
  pts_s: number;
  /** The stream's clock was set, or so much of it is missing that nothing before belongs to what follows. */
  jumped: boolean;
}

/** How far a stream's clock may be ahead of the time that has passed: what was lost on the way, and what came in one go. */
const longestGap = 10;
/** Frames that are shown in another order than they come, where only the time of showing is known. */
const reordering = 1;
/** After a jump, and where nothing says how long a frame lasts. */
const oneFrame = 0.04;

/**
 * Puts the packets of one connection on one line of time, whatever the stream's clock does: it may begin anywhere, be set
 * back or ahead, run over its largest number, or say nothing of some frames.
 */
export class Timeline {
  /** From the stream's clock to the line. */
  #shift: number | null = null;
  /** Of the last packet. */
  #last = 0;
  #began = false;
  #duration = 0;
  #arrived = 0;
  #discontinued = false;
  #said: number | null = null;
  readonly #wrap: number;

  /** @param wrap_s after which the stream's clock begins at 0 again; of one that does not, infinity */
  constructor(wrap_s = Number.POSITIVE_INFINITY) {
    this.#wrap = wrap_s;
  }

  /** The next packet's clock is another: it follows, whatever it says. */
  discontinue(): void {
    this.#discontinued = this.#began;
  }

  place({ dts_s, pts_s, duration_s, arrived_s, said_s = null }: StreamTimes): Placed {
    this.#lastFrame(said_s);
    const waited = Math.max(0, arrived_s - this.#arrived);
    const key = dts_s ?? pts_s;
    let jumped = this.#discontinued;
    let at: number;
    if (key === null) at = this.#withoutTime(waited);
    else {
      const shift = this.#discontinued ? null : this.#shiftFor(key, waited);
      jumped ||= shift === null && this.#shift !== null;
      this.#shift = shift ?? this.#next() - key;
      at = key + this.#shift;
    }
    this.#discontinued = false;
    const shown = pts_s === null ? at : pts_s + (this.#shift ?? 0);
    this.#last = dts_s === null ? Math.max(at, this.#last) : at;
    this.#began = true;
    this.#arrived = arrived_s;
    this.#said = said_s;
    this.#duration = duration_s > 0 && duration_s <= 1 ? duration_s : 0;
    // The time of showing is never far from that of decoding, unless it is wrong.
    const isSane = shown >= at - reordering && shown <= at + longestGap;
    return { dts_s: at, pts_s: Math.max(0, isSane ? shown : at), jumped };
  }

  /** How long the last frame was, where the camera says when both were. */
  #lastFrame(said_s: number | null): void {
    const step = said_s === null || this.#said === null ? 0 : said_s - this.#said;
    if (step > 0 && step <= 1) this.#duration = step;
  }

  #next(): number {
    return this.#began ? this.#last + (this.#duration || oneFrame) : 0;
  }

  #withoutTime(waited: number): number {
    if (!this.#began) return 0;
    return this.#last + (this.#duration || Math.min(Math.max(waited, 0.001), longestGap));
  }

  /** The shift by which a time follows the last one; null where it does not. */
  #shiftFor(key: number, waited: number): number | null {
    if (this.#shift === null) return null;
    for (const shift of [this.#shift, this.#shift + this.#wrap]) {
      const step = key + shift - this.#last;
      if (step >= -reordering && step <= waited + longestGap) return shift;
    }
    return null;
  }
}
