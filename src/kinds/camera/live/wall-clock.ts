/** What a packet says of the time of the world. */
export interface ClockReading {
  /** On the line of time of the connection, seconds. */
  at_s: number;
  /** When it came, or would have come had it been sent at once; ms since 1970. */
  arrived_ms: number;
  /** What the camera says that it was; ms since 1970, null where it does not say. */
  said_ms: number | null;
}

export interface WallTime {
  at_ms: number;
  time_source: 'stream' | 'arrival';
}

/** A packet that comes so much later than its time means that the stream's clock is slow, not that the network was. */
const mostLate = 2000;

/**
 * Says what time it was at a place of a connection's line of time. The camera's word counts where it can be true;
 * otherwise the packet that came with the least delay.
 * @param believable how far before and after its arrival a picture may have been taken, ms
 */
export class WallClock {
  /** From the line of time to ms since 1970. */
  #arrival: number | null = null;
  #said: number | null = null;
  readonly #believable: { before: number; after: number };

  constructor(believable: { before: number; after: number }) {
    this.#believable = believable;
  }

  see({ at_s, arrived_ms, said_ms }: ClockReading): void {
    const line_ms = at_s * 1000;
    const base = arrived_ms - line_ms;
    const late = this.#arrival === null ? Number.POSITIVE_INFINITY : base - this.#arrival;
    if (late < 0 || late > mostLate) this.#arrival = base;
    if (said_ms === null) return;
    const early = arrived_ms - said_ms;
    const { before, after } = this.#believable;
    this.#said = early <= before && early >= -after ? said_ms - line_ms : null;
  }

  /** @throws RangeError before the first `see` */
  at(at_s: number): WallTime {
    if (this.#arrival === null) throw new RangeError('No packet has come yet.');
    return {
      at_ms: Math.round((this.#said ?? this.#arrival) + at_s * 1000),
      time_source: this.#said === null ? 'arrival' : 'stream',
    };
  }
}
