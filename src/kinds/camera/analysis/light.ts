/** How the light of a picture differs from another's: `value = gain × other + offset`. */
export interface Light {
  gain: number;
  offset: number;
  /** Share of the pixels that this explains, 0–1. */
  explains: number;
  /** Median distance of the explained and the others from it, in levels; a measure of noise. */
  spread: number;
}

/** Levels by which a pixel may be off and still count as explained. */
const NEAR = 10;
/** Below this share an offset alone does not explain the picture, and contrast is looked at too. */
const WELL_EXPLAINED = 0.75;
const LEVELS = 256;

/** Measures light on a sample of the pixels. Holds its memory, so that nothing is allocated for each frame. */
export class LightMeter {
  readonly #samples: Int32Array;
  readonly #histogram = new Int32Array(2 * LEVELS);

  /** @param samples indices of the pixels to look at */
  constructor(samples: Int32Array) {
    this.#samples = samples;
  }

  /**
   * @param shift bits of `other` that are fractions
   */
  compare(frame: Uint8Array, other: Uint8Array | Uint16Array, shift: number): Light {
    const offset = this.#medianDifference(frame, other, shift);
    const { explains, spread } = this.#around(offset);
    const plain = { gain: 1, offset, explains, spread };
    if (explains >= WELL_EXPLAINED) return plain;
    const scaled = this.#withContrast(frame, other, shift);
    return scaled && scaled.explains > plain.explains + 0.5 * (1 - plain.explains) ? scaled : plain;
  }

  /** Levels between the fifth and the ninety-fifth percentile. */
  contrastOf(values: Uint8Array | Uint16Array, shift: number): number {
    const histogram = this.#histogram;
    const samples = this.#samples;
    histogram.fill(0);
    for (let n = 0; n < samples.length; n++) {
      const level = (values[samples[n] as number] as number) >> shift;
      histogram[level] = (histogram[level] as number) + 1;
    }
    return binAt(histogram, samples.length * 0.95) - binAt(histogram, samples.length * 0.05);
  }

  #medianDifference(frame: Uint8Array, other: Uint8Array | Uint16Array, shift: number): number {
    const histogram = this.#histogram;
    const samples = this.#samples;
    histogram.fill(0);
    for (let n = 0; n < samples.length; n++) {
      const at = samples[n] as number;
      const bin = (frame[at] as number) - ((other[at] as number) >> shift) + LEVELS;
      histogram[bin] = (histogram[bin] as number) + 1;
    }
    return binAt(histogram, samples.length / 2) - LEVELS;
  }

  /** Of the histogram of differences. */
  #around(offset: number): { explains: number; spread: number } {
    const histogram = this.#histogram;
    const count = this.#samples.length;
    const middle = offset + LEVELS;
    let inside = histogram[middle] as number;
    let spread = 0;
    // Within a bin, differences are taken to be spread evenly.
    let before = 0;
    for (let distance = 0; distance < LEVELS; distance++) {
      if (distance > 0) {
        before = inside;
        inside += (histogram[middle - distance] ?? 0) + (histogram[middle + distance] ?? 0);
      }
      if (inside * 2 >= count) {
        const share = (count / 2 - before) / Math.max(1, inside - before);
        spread = distance === 0 ? share * 0.5 : distance - 0.5 + share;
        break;
      }
    }
    let near = 0;
    for (let bin = Math.max(0, middle - NEAR); bin <= Math.min(2 * LEVELS - 1, middle + NEAR); bin++) {
      near += histogram[bin] as number;
    }
    return { explains: count === 0 ? 1 : near / count, spread };
  }

  /** A line through the middle of the darker half and that of the brighter. */
  #withContrast(frame: Uint8Array, other: Uint8Array | Uint16Array, shift: number): Light | null {
    const samples = this.#samples;
    const values = Array.from(samples, (at) => (other[at] as number) >> shift);
    const middle = medianOf(values);
    const halves = [values.map((value) => value <= middle), values.map((value) => value > middle)].map(
      (chosen) => ({
        from: medianOf(values.filter((_, n) => chosen[n])),
        to: medianOf(Array.from(samples, (at) => frame[at] as number).filter((_, n) => chosen[n])),
      }),
    );
    const [dark, bright] = halves as [{ from: number; to: number }, { from: number; to: number }];
    if (!(bright.from - dark.from >= 12)) return null;
    const gain = (bright.to - dark.to) / (bright.from - dark.from);
    if (!(gain > 0.1 && gain < 8)) return null;
    const offset = dark.to - gain * dark.from;
    const distances = values.map((value, n) => {
      const expected = Math.max(0, Math.min(255, gain * value + offset));
      return Math.abs((frame[samples[n] as number] as number) - expected);
    });
    const near = distances.filter((distance) => distance <= NEAR).length;
    return { gain, offset, explains: near / values.length, spread: medianOf(distances) };
  }
}

/** The first bin up to which so many are counted. */
function binAt(histogram: Int32Array, count: number): number {
  let seen = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    seen += histogram[bin] as number;
    if (seen >= count) return bin;
  }
  return LEVELS;
}

/** NaN where there are none. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
