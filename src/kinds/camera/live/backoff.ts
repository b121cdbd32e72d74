/**
 * Seconds until the next try. The longest leaves time to open the stream and see something in it within a minute after
 * a camera is back.
 */
const pauses = [1, 2, 4, 8, 16, 32, 55];

/** A connection that was read for so long shows that the camera is well; what ends sooner may end as soon again. */
const wellAfter_s = 60;

/** How long to leave a source alone after each end of a connection, for ever. */
export class Backoff {
  #tries = 0;

  /** @param read_s for how long the connection gave pictures; 0 where there was none */
  next(read_s: number): number {
    if (read_s >= wellAfter_s) this.#tries = 0;
    return pauses[Math.min(this.#tries++, pauses.length - 1)] as number;
  }
}
