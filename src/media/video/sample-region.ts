import type { Picture } from './picture.ts';

/** A rectangle in display pixels; may reach beyond the picture. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where along one source axis each output position reads: two neighbours and the weight of the second. */
interface Axis {
  /** Output positions `from` ≤ i < `to` lie within the picture. */
  from: number;
  to: number;
  near: Int32Array;
  far: Int32Array;
  /** 0–256. */
  weight: Int32Array;
}

/**
 * Cuts `region` out of the picture and scales it to `width`×`height` RGB (0–255) straight from the Y′CbCr
 * planes: no more of the frame is touched than the output needs. Brightness is bilinear between two samples
 * an axis, colour nearest. When shrinking by more than two, the two samples stand half an output pixel
 * apart instead of side by side, which averages away most of what point sampling would alias. Outside the
 * picture is black, as MoveNet was trained with.
 * @param out length `width`×`height`×3
 */
export function sampleRegion(
  picture: Picture,
  region: Region,
  width: number,
  height: number,
  out: Uint8ClampedArray,
): void {
  const { geometry } = picture;
  const { transposed } = geometry;
  const u = displayAxis(region.x, region.width, width, geometry.width);
  const v = displayAxis(region.y, region.height, height, geometry.height);
  const across = codedAxis(transposed ? v : u, picture.coded_width, geometry.flip_x);
  const down = codedAxis(transposed ? u : v, picture.coded_height, geometry.flip_y);
  const inside =
    across.from === 0 && down.from === 0 && across.to === across.near.length && down.to === down.near.length;
  if (!inside) out.fill(0);
  convert(picture, across, down, transposed ? width * 3 : 3, transposed ? 3 : width * 3, out);
}

interface DisplayAxis {
  /** Centre of output position i as a fraction of the display axis: `first + i × step`. */
  first: number;
  step: number;
  count: number;
}

function displayAxis(start: number, length: number, count: number, displayLength: number): DisplayAxis {
  const step = length / count / displayLength;
  return { first: start / displayLength + step / 2, step, count };
}

function codedAxis({ first, step, count }: DisplayAxis, codedLength: number, flipped: boolean): Axis {
  const near = new Int32Array(count);
  const far = new Int32Array(count);
  const weight = new Int32Array(count);
  const samplesEach = step * codedLength;
  const apart = samplesEach > 2 ? samplesEach / 4 : 0;
  const last = codedLength - 1;
  let from = count;
  let to = 0;
  for (let i = 0; i < count; i++) {
    const fraction = first + i * step;
    if (fraction < 0 || fraction >= 1) continue;
    if (i < from) from = i;
    to = i + 1;
    const at = (flipped ? 1 - fraction : fraction) * codedLength - 0.5;
    if (apart > 0) {
      near[i] = clamp(Math.round(at - apart), last);
      far[i] = clamp(Math.round(at + apart), last);
      weight[i] = 128;
    } else {
      const floor = Math.floor(at);
      near[i] = clamp(floor, last);
      far[i] = clamp(floor + 1, last);
      weight[i] = Math.round((at - floor) * 256);
    }
  }
  return { from: Math.min(from, to), to, near, far, weight };
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(value, last));
}

function convert(
  picture: Picture,
  across: Axis,
  down: Axis,
  outAcross: number,
  outDown: number,
  out: Uint8ClampedArray,
): void {
  const { luma, cb, cr, chroma_shift_x, chroma_shift_y, chroma_step, extra_bits, matrix } = picture;
  const y = luma.data;
  const b = cb.data;
  const r = cr.data;
  const { black, luma: gain, cr_r, cb_g, cr_g, cb_b } = matrix;
  const { from, to, near, far, weight } = across;
  const chroma = near.map((left, i) => {
    const nearest = (weight[i] as number) > 128 ? (far[i] as number) : left;
    return (nearest >> chroma_shift_x) * chroma_step;
  });
  // Two weights of 0–256 leave 16 fraction bits on the brightness; 4 of them go through the matrix, which
  // keeps every product under 2^31: V8's fast integers.
  const lumaShift = 12 + extra_bits;
  const blackScaled = black << 4;
  for (let j = down.from; j < down.to; j++) {
    const top = (down.near[j] as number) * luma.stride;
    const bottom = (down.far[j] as number) * luma.stride;
    const toBottom = down.weight[j] as number;
    const toTop = 256 - toBottom;
    const chromaRow = ((toBottom > 128 ? down.far[j] : down.near[j]) as number) >> chroma_shift_y;
    const cbRow = chromaRow * cb.stride;
    const crRow = chromaRow * cr.stride;
    let o = j * outDown + from * outAcross;
    for (let i = from; i < to; i++, o += outAcross) {
      const l = near[i] as number;
      const h = far[i] as number;
      const w = weight[i] as number;
      const c = chroma[i] as number;
      const left = (y[top + l] as number) * toTop + (y[bottom + l] as number) * toBottom;
      const right = (y[top + h] as number) * toTop + (y[bottom + h] as number) * toBottom;
      const bright = (((((left << 8) + (right - left) * w) >> lumaShift) - blackScaled) * gain) >> 4;
      const blue = ((b[cbRow + c] as number) >> extra_bits) - 128;
      const red = ((r[crRow + c] as number) >> extra_bits) - 128;
      out[o] = (bright + cr_r * red + 32768) >> 16;
      out[o + 1] = (bright + cb_g * blue + cr_g * red + 32768) >> 16;
      out[o + 2] = (bright + cb_b * blue + 32768) >> 16;
    }
  }
}
