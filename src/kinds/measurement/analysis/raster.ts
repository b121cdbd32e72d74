/** An upright picture in 8-bit sRGB, three bytes a pixel, rows without gaps. */
export interface Raster {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A picture `factor` times smaller, each pixel the mean of those it stands for; what does not fill one is left out. */
export function shrink({ width, height, data }: Raster, factor: number): Raster {
  if (factor === 1) return { width, height, data };
  const wide = Math.floor(width / factor);
  const high = Math.floor(height / factor);
  const small = new Uint8Array(wide * high * 3);
  const area = factor * factor;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      let [red, green, blue] = [0, 0, 0];
      for (let v = y * factor; v < (y + 1) * factor; v++) {
        for (let at = (v * width + x * factor) * 3, end = at + factor * 3; at < end; at += 3) {
          red += data[at] as number;
          green += data[at + 1] as number;
          blue += data[at + 2] as number;
        }
      }
      const to = (y * wide + x) * 3;
      small[to] = Math.round(red / area);
      small[to + 1] = Math.round(green / area);
      small[to + 2] = Math.round(blue / area);
    }
  }
  return { width: wide, height: high, data: small };
}

/** Bilinear between pixel centres, into `colour`; beyond the border, the border's colour. */
export function sampleColour(
  { width, height, data }: Raster,
  x: number,
  y: number,
  colour: Float64Array,
  values: Float64Array = asTheyAre,
): void {
  const u = Math.min(Math.max(x - 0.5, 0), width - 1);
  const v = Math.min(Math.max(y - 0.5, 0), height - 1);
  const left = Math.min(Math.floor(u), Math.max(0, width - 2));
  const top = Math.min(Math.floor(v), Math.max(0, height - 2));
  const right = Math.min(left + 1, width - 1);
  const below = Math.min(top + 1, height - 1);
  const [p, q] = [u - left, v - top];
  for (let channel = 0; channel < 3; channel++) {
    const of = (row: number, column: number) =>
      values[data[(row * width + column) * 3 + channel] as number] as number;
    const above = of(top, left) * (1 - p) + of(top, right) * p;
    colour[channel] = above * (1 - q) + (of(below, left) * (1 - p) + of(below, right) * p) * q;
  }
}

const asTheyAre = Float64Array.from({ length: 256 }, (_, value) => value);

/** Light, 0–1, by sRGB value (IEC 61966-2-1). */
export const lightOf = Float64Array.from({ length: 256 }, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

/** sRGB value, 0–255, of light. */
export function srgbOf(light: number): number {
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
}

/** Luma by ITU-R BT.601. */
export function greyOf({ data }: Raster): Uint8Array {
  const grey = new Uint8Array(data.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const luma = 299 * (data[at] as number) + 587 * (data[at + 1] as number) + 114 * (data[at + 2] as number);
    grey[i] = Math.round(luma / 1000);
  }
  return grey;
}
