import type { Picture } from '../../../media/video/picture.ts';
import type { GreyFrame } from '../analysis/watch.ts';

/** Pixels of the longer side; a smaller picture keeps its own size. */
const LONGER_SIDE = 384;
/** Samples of the picture that are averaged for one pixel, across and down, at most: more of a large one tell no more. */
const MOST_SAMPLES = 4;

/** How one axis is shrunk: for each pixel, the samples that are averaged. */
interface Axis {
  length: number;
  /** `each` indices for a pixel, one pixel after the other. */
  samples: Int32Array;
  each: number;
}

/**
 * Shrinks the luma of decoded pictures, read where it lies. Its memory is used again: a frame is good until the next.
 */
export class GreyReader {
  #layout = '';
  #across: Axis = axisOf(1, 1);
  #down: Axis = axisOf(1, 1);
  #coded = new Uint8Array(0);
  #frame: GreyFrame = { width: 0, height: 0, data: this.#coded };

  read(picture: Picture): GreyFrame {
    const { geometry, coded_width, coded_height } = picture;
    this.#prepare(picture);
    const [across, down, out] = [this.#across, this.#down, this.#coded];
    if (across.length === coded_width && down.length === coded_height) copy(picture, out);
    else if (across.length * 2 === coded_width && down.length * 2 === coded_height) halve(picture, out);
    else shrink(picture, across, down, out);
    if (geometry.transposed || geometry.flip_x || geometry.flip_y) this.#turn(picture);
    return this.#frame;
  }

  #prepare({ geometry, coded_width, coded_height }: Picture): void {
    const { width, height, transposed, flip_x, flip_y } = geometry;
    const layout = [width, height, transposed, flip_x, flip_y, coded_width, coded_height].join();
    if (layout === this.#layout) return;
    this.#layout = layout;
    const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
    const [shownWidth, shownHeight] = [width, height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    ) as [number, number];
    this.#across = axisOf(coded_width, transposed ? shownHeight : shownWidth);
    this.#down = axisOf(coded_height, transposed ? shownWidth : shownHeight);
    this.#coded = new Uint8Array(shownWidth * shownHeight);
    const isTurned = transposed || flip_x || flip_y;
    const data = isTurned ? new Uint8Array(this.#coded.length) : this.#coded;
    this.#frame = { width: shownWidth, height: shownHeight, data };
  }

  /** Lays the small picture as the display shows it. */
  #turn({ geometry }: Picture): void {
    const { transposed, flip_x, flip_y } = geometry;
    const { width, height, data } = this.#frame;
    const [across, down] = [this.#across.length, this.#down.length];
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const [u, v] = transposed ? [y, x] : [x, y];
        const column = flip_x ? across - 1 - u : u;
        const row = flip_y ? down - 1 - v : v;
        data[at] = this.#coded[row * across + column] as number;
      }
    }
  }
}

function axisOf(samples: number, length: number): Axis {
  const step = samples / length;
  const each = Math.max(1, Math.min(MOST_SAMPLES, Math.round(step)));
  const chosen = Int32Array.from({ length: length * each }, (_, n) => {
    const at = (Math.floor(n / each) + ((n % each) + 0.5) / each) * step;
    return Math.min(samples - 1, Math.floor(at));
  });
  return { length, samples: chosen, each };
}

function copy({ luma, coded_width, coded_height, extra_bits }: Picture, out: Uint8Array): void {
  const { data, stride } = luma;
  for (let row = 0; row < coded_height; row++) {
    const [from, to] = [row * stride, row * coded_width];
    if (extra_bits === 0) out.set(data.subarray(from, from + coded_width), to);
    else for (let x = 0; x < coded_width; x++) out[to + x] = (data[from + x] as number) >> extra_bits;
  }
}

function halve({ luma, coded_width, coded_height, extra_bits }: Picture, out: Uint8Array): void {
  const { data, stride } = luma;
  const shift = extra_bits + 2;
  const half = 1 << (shift - 1);
  for (let row = 0, at = 0; row < coded_height; row += 2) {
    let top = row * stride;
    let bottom = top + stride;
    const end = top + coded_width;
    for (; top < end; top += 2, bottom += 2, at++) {
      const sum =
        (data[top] as number) +
        (data[top + 1] as number) +
        (data[bottom] as number) +
        (data[bottom + 1] as number);
      out[at] = (sum + half) >> shift;
    }
  }
}

function shrink({ luma, extra_bits }: Picture, across: Axis, down: Axis, out: Uint8Array): void {
  const { data, stride } = luma;
  const [columns, rows] = [across.samples, down.samples];
  const [wide, high] = [across.each, down.each];
  // Sixteen bits behind the point, of which a sample of twelve bits leaves no overflow.
  const share = Math.round((1 << 16) / (wide * high * (1 << extra_bits)));
  for (let y = 0, at = 0; y < down.length; y++) {
    for (let x = 0; x < across.length; x++, at++) {
      let sum = 0;
      for (let j = 0; j < high; j++) {
        const row = (rows[y * high + j] as number) * stride;
        for (let i = 0; i < wide; i++) sum += data[row + (columns[x * wide + i] as number)] as number;
      }
      out[at] = (sum * share + 0x8000) >> 16;
    }
  }
}
