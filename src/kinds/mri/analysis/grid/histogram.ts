/** Bins of a grey value each: enough for values of 0–255, between which the mode is interpolated. */
const BINS_PER_UNIT = 4;
const TOP = 256;

/** How often each grey value (0–255) occurs, in quarters. */
export class Histogram {
  readonly #counts = new Float64Array(TOP * BINS_PER_UNIT);
  #total = 0;

  static of(values: ArrayLike<number>, where: (at: number) => boolean = () => true): Histogram {
    const histogram = new Histogram();
    for (let at = 0; at < values.length; at++) if (where(at)) histogram.add(values[at] as number);
    return histogram;
  }

  get total(): number {
    return this.#total;
  }

  add(value: number): void {
    const bin = Math.max(0, Math.min(this.#counts.length - 1, Math.floor(value * BINS_PER_UNIT + 0.5)));
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#total++;
  }

  /** The value below which a share of all values lies; not a number where there are none. */
  quantile(share: number): number {
    const wanted = share * this.#total;
    let below = 0;
    for (let bin = 0; bin < this.#counts.length; bin++) {
      const count = this.#counts[bin] as number;
      if (count > 0 && below + count >= wanted) return bin / BINS_PER_UNIT;
      below += count;
    }
    return Number.NaN;
  }

  /** Every value that occurs, and how often. */
  each(visit: (value: number, count: number) => void): void {
    for (let bin = 0; bin < this.#counts.length; bin++) {
      const count = this.#counts[bin] as number;
      if (count > 0) visit(bin / BINS_PER_UNIT, count);
    }
  }

  median(): number {
    return this.quantile(0.5);
  }

  /** Robust standard deviation: 1.4826 × the median absolute deviation from the median. */
  deviation(): number {
    const median = this.median();
    const distances = new Histogram();
    for (let bin = 0; bin < this.#counts.length; bin++) {
      const count = this.#counts[bin] as number;
      const to = Math.min(
        this.#counts.length - 1,
        Math.round(Math.abs(bin / BINS_PER_UNIT - median) * BINS_PER_UNIT),
      );
      distances.#counts[to] = (distances.#counts[to] as number) + count;
      distances.#total += count;
    }
    return 1.4826 * distances.median();
  }

  /** The share of values that are at most this. */
  shareUpTo(value: number): number {
    const last = Math.min(this.#counts.length - 1, Math.floor(value * BINS_PER_UNIT + 0.5));
    let below = 0;
    for (let bin = 0; bin <= last; bin++) below += this.#counts[bin] as number;
    return this.#total === 0 ? Number.NaN : below / this.#total;
  }

  /** The most frequent value, after smoothing with a Gaussian of `sigma` grey values. */
  mode(sigma: number): number {
    const reach = Math.ceil(3 * sigma * BINS_PER_UNIT);
    const weights = Array.from({ length: 2 * reach + 1 }, (_, at) =>
      Math.exp(-(((at - reach) / (sigma * BINS_PER_UNIT)) ** 2) / 2),
    );
    let best = Number.NaN;
    let highest = 0;
    for (let bin = 0; bin < this.#counts.length; bin++) {
      let smoothed = 0;
      for (let offset = -reach; offset <= reach; offset++) {
        smoothed += (this.#counts[bin + offset] ?? 0) * (weights[offset + reach] as number);
      }
      if (smoothed > highest) {
        highest = smoothed;
        best = bin / BINS_PER_UNIT;
      }
    }
    return best;
  }
}
