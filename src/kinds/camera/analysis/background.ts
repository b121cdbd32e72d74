import type { BitMask } from './bit-mask.ts';
import type { Light } from './light.ts';

/** Fixed point: levels with 8 bits behind the point. */
const POINT = 8;
const ONE = 1 << POINT;
/** Mean absolute deviations that a pixel may be off; 2.8 σ of normal noise. */
const DEVIATIONS = 3.5;
/** Levels that a pixel may be off at least, and at most, however noisy it is. */
const LEAST = 10;
const MOST = 60;
/** Levels of deviation that a pixel of which nothing is known yet is given. */
const UNKNOWN_DEVIATION = 3;
/** Every so many rows are learnt from one frame: the next frames teach the others. */
const INTERLEAVED = 4;
/** Seconds in which what is learnt of a pixel's value, and of its deviation, fades to 1 ÷ e. */
const VALUE_FADES_S = 4;
const DEVIATION_FADES_S = 8;
const FOREGROUND_FADES_S = 20;
/** The same of deviation while the background is new, wherever it is: leaves have not shown yet how far they move. */
const NEW_FADES_S = 1;

/**
 * What is seen when nothing is there: mean and mean absolute deviation of each pixel. A pixel is compared with the whole
 * range of its 3 × 3 neighbours, so that leaves and a camera on a swaying pole change nothing.
 */
export class Background {
  readonly width: number;
  readonly height: number;
  readonly mean: Uint16Array;
  readonly deviation: Uint16Array;
  /** The least and the greatest value that is no foreground. */
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  /** Which rows are learnt from the next frame. */
  turn = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const pixels = width * height;
    this.mean = new Uint16Array(pixels);
    this.deviation = new Uint16Array(pixels);
    this.low = new Uint8Array(pixels);
    this.high = new Uint8Array(pixels);
  }

  /** Forgets everything and takes the frame for it. */
  takeWhole(frame: Uint8Array): void {
    const { mean, deviation } = this;
    for (let at = 0; at < mean.length; at++) mean[at] = (frame[at] as number) << POINT;
    deviation.fill(UNKNOWN_DEVIATION << POINT);
    this.refreshRange();
  }

  /** Takes the frame where the mask is set. */
  take(frame: Uint8Array, where: BitMask): void {
    this.#eachPixelOf(where, (at) => {
      this.mean[at] = (frame[at] as number) << POINT;
      this.deviation[at] = UNKNOWN_DEVIATION << POINT;
    });
    this.refreshRange();
  }

  /** Is what it would be in that light. */
  adopt({ gain, offset }: Light): void {
    const { mean, deviation } = this;
    const add = Math.round(offset * ONE);
    const most = 255 << POINT;
    for (let at = 0; at < mean.length; at++) {
      const value = (mean[at] as number) * gain + add;
      mean[at] = value < 0 ? 0 : value > most ? most : value;
    }
    if (gain > 1) {
      for (let at = 0; at < mean.length; at++) {
        deviation[at] = Math.min((deviation[at] as number) * gain, 0xffff);
      }
    }
    this.refreshRange();
  }

  /**
   * Learns some of the rows from a frame.
   * @param seconds since those rows were learnt last
   * @param foreground where something stands before it
   * @param frozen whether nothing is learnt there
   * @param isNew whether little is known of it yet
   */
  learn(frame: Uint8Array, seconds: number, foreground: BitMask, frozen: boolean, isNew: boolean): void {
    const { width, height, mean, deviation } = this;
    const slow = frozen ? 0 : rateOf(seconds, FOREGROUND_FADES_S);
    const valueRate = rateOf(seconds, VALUE_FADES_S);
    const deviationRate = rateOf(seconds, isNew ? NEW_FADES_S : DEVIATION_FADES_S);
    const slowDeviation = frozen ? 0 : isNew ? deviationRate : slow;
    const { words, rowWords } = foreground;
    for (let y = this.turn; y < height; y += INTERLEAVED) {
      const row = y * width;
      for (let w = 0; w < rowWords; w++) {
        const covered = words[y * rowWords + w] as number;
        const from = row + w * 32;
        const to = row + Math.min(width, w * 32 + 32);
        if (covered === 0) {
          for (let at = from; at < to; at++) {
            const off = ((frame[at] as number) << POINT) - (mean[at] as number);
            mean[at] = (mean[at] as number) + ((off * valueRate) >> 14);
            const deviates = (off < 0 ? -off : off) - (deviation[at] as number);
            deviation[at] = (deviation[at] as number) + ((deviates * deviationRate) >> 14);
          }
          continue;
        }
        for (let at = from; at < to; at++) {
          const isCovered = ((covered >>> (at - from)) & 1) === 1;
          if (isCovered && frozen) continue;
          const off = ((frame[at] as number) << POINT) - (mean[at] as number);
          mean[at] = (mean[at] as number) + ((off * (isCovered ? slow : valueRate)) >> 14);
          const deviates = (off < 0 ? -off : off) - (deviation[at] as number);
          deviation[at] =
            (deviation[at] as number) + ((deviates * (isCovered ? slowDeviation : deviationRate)) >> 14);
        }
      }
      this.#refreshRow(y);
    }
    this.turn = (this.turn + 1) % INTERLEAVED;
  }

  refreshRange(): void {
    for (let y = 0; y < this.height; y++) this.#refreshRow(y);
  }

  #refreshRow(y: number): void {
    const { width, height, mean, deviation, low, high } = this;
    const row = y * width;
    const above = y === 0 ? row : row - width;
    const below = y === height - 1 ? row : row + width;
    // Columns slide: the extremes of the column before, this one and the next.
    let [lowBefore, highBefore] = [0xffff, 0];
    let lowHere = Math.min(mean[above] as number, mean[row] as number, mean[below] as number);
    let highHere = Math.max(mean[above] as number, mean[row] as number, mean[below] as number);
    for (let x = 0; x < width; x++) {
      let lowAfter = 0xffff;
      let highAfter = 0;
      if (x + 1 < width) {
        const [a, b, c] = [
          mean[above + x + 1] as number,
          mean[row + x + 1] as number,
          mean[below + x + 1] as number,
        ];
        lowAfter = a < b ? (a < c ? a : c) : b < c ? b : c;
        highAfter = a > b ? (a > c ? a : c) : b > c ? b : c;
      }
      let lowest = lowBefore < lowHere ? lowBefore : lowHere;
      if (lowAfter < lowest) lowest = lowAfter;
      let highest = highBefore > highHere ? highBefore : highHere;
      if (highAfter > highest) highest = highAfter;
      let off = ((deviation[row + x] as number) * DEVIATIONS) >> POINT;
      if (off < LEAST) off = LEAST;
      else if (off > MOST) off = MOST;
      const least = (lowest >> POINT) - off;
      const greatest = (highest >> POINT) + off;
      low[row + x] = least < 0 ? 0 : least;
      high[row + x] = greatest > 255 ? 255 : greatest;
      lowBefore = lowHere;
      highBefore = highHere;
      lowHere = lowAfter;
      highHere = highAfter;
    }
  }

  #eachPixelOf({ words, rowWords }: BitMask, visit: (at: number) => void): void {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        if (((words[y * rowWords + (x >> 5)] as number) >>> (x & 31)) & 1) visit(y * this.width + x);
      }
    }
  }
}

/** Share that is learnt in so many seconds, with 14 bits behind the point. */
function rateOf(seconds: number, fades_s: number): number {
  return Math.round((1 - Math.exp(-seconds / fades_s)) * (1 << 14));
}
