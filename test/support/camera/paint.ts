/** A luma plane that a scene is painted on; colours are in the 16–235 of video. */
export interface Luma {
  width: number;
  height: number;
  stride: number;
  data: Uint8Array;
}

/** Paints one frame; what is measured in pixels is so in a picture 768 wide. */
export type Paint = (luma: Luma, time_s: number, n: number) => void;

/** Pixels of a scene's own measure, so that a picture of any size shows the same. */
const MEASURE = 768;

export function scaleOf({ width }: Luma): number {
  return width / MEASURE;
}

export function eachPixel(luma: Luma, change: (value: number, x: number, y: number) => number): void {
  const { width, height, stride, data } = luma;
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * stride; x < width; x++, at++) {
      const value = change(data[at] as number, x, y);
      data[at] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** By a table, where a pixel's place does not matter. */
export function mapped(luma: Luma, change: (value: number) => number): void {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => change(value));
  const { width, height, stride, data } = luma;
  for (let y = 0; y < height; y++) {
    for (let at = y * stride; at < y * stride + width; at++) data[at] = table[data[at] as number] as number;
  }
}

/** A rectangle in fractions of the picture. */
export function fill(
  luma: Luma,
  [x, y, width, height]: readonly [number, number, number, number],
  colour: (u: number, v: number, before: number) => number,
): void {
  const left = Math.round(x * luma.width);
  const top = Math.round(y * luma.height);
  const right = Math.round((x + width) * luma.width);
  const bottom = Math.round((y + height) * luma.height);
  for (let row = Math.max(0, top); row < Math.min(luma.height, bottom); row++) {
    for (let column = Math.max(0, left); column < Math.min(luma.width, right); column++) {
      const at = row * luma.stride + column;
      const value = colour(
        (column - left) / Math.max(1, right - left),
        (row - top) / Math.max(1, bottom - top),
        luma.data[at] as number,
      );
      luma.data[at] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** A whole number of 32 bits that is as good as drawn by lot for each place and time. */
export function lot(...of: number[]): number {
  let hash = 0x9e3779b9;
  for (const one of of) {
    hash = Math.imul(hash ^ (one | 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** 0–1. */
export function chance(...of: number[]): number {
  return lot(...of) / 2 ** 32;
}

const bell = Float32Array.from({ length: 1 << 16 }, (_, n) => {
  const [one, other] = [chance(n, 1), chance(n, 2)];
  return Math.sqrt(-2 * Math.log(one + 1e-12)) * Math.cos(2 * Math.PI * other);
});

/** @param sigma levels, in a picture 768 wide; a smaller one has averaged some of it away */
export function addNoise(luma: Luma, sigma: number, n: number): void {
  const own = sigma * Math.min(1, scaleOf(luma));
  const { width, height, stride, data } = luma;
  for (let y = 0; y < height; y++) {
    let from = lot(n, y);
    for (let at = y * stride; at < y * stride + width; at++) {
      const value = (data[at] as number) + own * (bell[from++ & 0xffff] as number);
      data[at] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
    }
  }
}

/** Streaks that fall, others in each frame. */
export function addRain(luma: Luma, streaks: number, n: number): void {
  const scale = scaleOf(luma);
  const { width, height, stride, data } = luma;
  for (let streak = 0; streak < streaks; streak++) {
    const x = chance(n, streak, 1) * width;
    const y = chance(n, streak, 2) * height;
    const length = (12 + 14 * chance(n, streak, 3)) * scale;
    const thickness = (1 + chance(n, streak, 4)) * scale;
    const strength = 0.35 + 0.35 * chance(n, streak, 5);
    for (let down = 0; down < length; down++) {
      const row = Math.floor(y + down);
      const left = x + down * 0.15;
      if (row >= height) break;
      for (let column = Math.floor(left); column < left + thickness && column < width; column++) {
        const covers = Math.min(column + 1, left + thickness) - Math.max(column, left);
        const at = row * stride + column;
        const before = data[at] as number;
        data[at] = before + (205 - before) * strength * covers;
      }
    }
  }
}

/** Rows of three for the digits and the colon. */
const glyphs: Record<string, string> = {
  0: '757575755557',
  1: '262222222227',
  2: '711117444447',
  3: '711117111117',
  4: '555557111111',
  5: '744447111117',
  6: '744447555557',
  7: '711112222444',
  8: '755557555557',
  9: '755557111117',
  ':': '000220000220',
  '.': '000000000022',
};

/** Text as cameras burn it in, white with a black edge. @param height of the letters, in a picture 768 wide */
export function writeText(luma: Luma, text: string, left: number, top: number, height: number): void {
  const dot = (height * scaleOf(luma)) / 12;
  const at = { x: left * scaleOf(luma), y: top * scaleOf(luma) };
  for (const letter of text) {
    const rows = glyphs[letter] ?? glyphs[8];
    for (const edge of [true, false]) {
      for (const [row, bits] of [...(rows as string)].entries()) {
        for (let column = 0; column < 3; column++) {
          if (((Number(bits) >> (2 - column)) & 1) === 0) continue;
          const [x, y] = [at.x + column * 2.4 * dot, at.y + row * dot];
          const more = edge ? dot * 0.6 : 0;
          dab(luma, x - more, y - more, 2.4 * dot + 2 * more, dot + 2 * more, edge ? 20 : 230);
        }
      }
    }
    at.x += 9 * dot;
  }
}

function dab(luma: Luma, x: number, y: number, width: number, height: number, colour: number): void {
  for (let row = Math.round(y); row < Math.round(y + height); row++) {
    for (let column = Math.round(x); column < Math.round(x + width); column++) {
      if (row < 0 || column < 0 || row >= luma.height || column >= luma.width) continue;
      luma.data[row * luma.stride + column] = colour;
    }
  }
}

/** Moves the picture by whole pixels, or parts of one; edges repeat. */
export function shift(
  luma: Luma,
  dx: (x: number, y: number) => number,
  dy: (x: number, y: number) => number,
): void {
  const { width, height, stride } = luma;
  const before = luma.data.slice();
  eachPixel(luma, (_, x, y) => {
    const u = Math.max(0, Math.min(width - 1.001, x + dx(x, y)));
    const v = Math.max(0, Math.min(height - 1.001, y + dy(x, y)));
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const at = top * stride + left;
    const across = u - left;
    const down = v - top;
    const upper = (before[at] as number) * (1 - across) + (before[at + 1] as number) * across;
    const lower =
      (before[at + stride] as number) * (1 - across) + (before[at + stride + 1] as number) * across;
    return upper * (1 - down) + lower * down + 0.5;
  });
}
