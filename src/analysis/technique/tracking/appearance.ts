import { keypointIndex } from '../keypoints.ts';
import { SEEN_SCORE } from './body.ts';

/** 6 hues × 2 brightnesses of coloured pixels, then 6 greys. */
const HUES = 6;
const GREYS = 6;
const BINS = HUES * 2 + GREYS;
/** Upper body, then thighs. */
const PARTS = 2;
export const APPEARANCE_NUMBERS = BINS * PARTS;
/** Samples along and across each part. */
const ALONG = 10;
const ACROSS = 8;
/** Chroma (max − min of RGB) over brightness under which a colour counts as grey. */
const GREY_SATURATION = 0.22;

interface Point {
  x: number;
  y: number;
}

/**
 * How the clothes of a posed person look: a colour histogram of the upper body and one of the thighs, each
 * summing to 1, or all 0 where that part is not seen.
 * @param rgb `side`×`side`×3, 0–255: the crop the pose was estimated from
 * @param keypoints x, y (pixels of the crop), score × 17
 */
export function describeAppearance(rgb: Int32Array, side: number, keypoints: readonly number[]): number[] {
  const point = (name: keyof typeof keypointIndex): Point | null => {
    const i = keypointIndex[name] * 3;
    return (keypoints[i + 2] as number) >= SEEN_SCORE
      ? { x: keypoints[i] as number, y: keypoints[i + 1] as number }
      : null;
  };
  const [ls, rs, lh, rh] = [
    point('left_shoulder'),
    point('right_shoulder'),
    point('left_hip'),
    point('right_hip'),
  ];
  const top = middle(ls, rs);
  const bottom = middle(lh, rh);
  const described = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  if (top && bottom) {
    // From the side the shoulders fall together: then the trunk is taken as a third as wide as long.
    const long = Math.hypot(top.x - bottom.x, top.y - bottom.y);
    const wide = Math.max(ls && rs ? Math.hypot(ls.x - rs.x, ls.y - rs.y) * 0.7 : 0, long * 0.3);
    addStrip(described, 0, rgb, side, top, bottom, wide, 0.1, 0.9);
  }
  for (const [hip, knee] of [
    [lh, point('left_knee')],
    [rh, point('right_knee')],
  ] as const) {
    if (hip && knee) {
      addStrip(
        described,
        BINS,
        rgb,
        side,
        hip,
        knee,
        Math.hypot(hip.x - knee.x, hip.y - knee.y) * 0.2,
        0.05,
        0.6,
      );
    }
  }
  for (let part = 0; part < PARTS; part++) {
    const slice = described.slice(part * BINS, (part + 1) * BINS);
    const sum = slice.reduce((total, count) => total + count, 0);
    for (let i = 0; i < BINS; i++) {
      described[part * BINS + i] = sum > 0 ? Math.round(((slice[i] as number) / sum) * 1e4) / 1e4 : 0;
    }
  }
  return described;
}

/**
 * 0: alike, 1: nothing in common (one minus the Bhattacharyya coefficient, averaged over the parts both show).
 * @returns null where the two show no common part
 */
export function appearanceDistance(a: readonly number[], b: readonly number[]): number | null {
  let total = 0;
  let parts = 0;
  for (let part = 0; part < PARTS; part++) {
    let alike = 0;
    let present = true;
    let [sumA, sumB] = [0, 0];
    for (let i = part * BINS; i < (part + 1) * BINS; i++) {
      const [p, q] = [a[i] ?? 0, b[i] ?? 0];
      sumA += p;
      sumB += q;
      alike += Math.sqrt(p * q);
    }
    if (sumA < 0.5 || sumB < 0.5) present = false;
    if (present) {
      total += 1 - Math.min(1, alike);
      parts++;
    }
  }
  return parts === 0 ? null : total / parts;
}

/** `known` moved a `share` of the way to `seen`, part by part; a part seen for the first time is taken whole. */
export function blendAppearance(known: readonly number[], seen: readonly number[], share: number): number[] {
  const blended = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  for (let part = 0; part < PARTS; part++) {
    const range = [part * BINS, (part + 1) * BINS] as const;
    const has = (numbers: readonly number[]) => numbers.slice(...range).some((value) => value > 0);
    const weight = !has(known) ? 1 : has(seen) ? share : 0;
    for (let i = range[0]; i < range[1]; i++) {
      blended[i] = (known[i] ?? 0) * (1 - weight) + (seen[i] ?? 0) * weight;
    }
  }
  return blended;
}

function middle(a: Point | null, b: Point | null): Point | null {
  return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : (a ?? b);
}

function addStrip(
  into: number[],
  offset: number,
  rgb: Int32Array,
  side: number,
  from: Point,
  to: Point,
  width: number,
  begin: number,
  end: number,
): void {
  const long = Math.hypot(to.x - from.x, to.y - from.y);
  if (long < 1) return;
  const [nx, ny] = [-(to.y - from.y) / long, (to.x - from.x) / long];
  for (let i = 0; i < ALONG; i++) {
    const t = begin + ((end - begin) * (i + 0.5)) / ALONG;
    for (let j = 0; j < ACROSS; j++) {
      const s = ((j + 0.5) / ACROSS - 0.5) * width;
      const x = Math.round(from.x + (to.x - from.x) * t + nx * s);
      const y = Math.round(from.y + (to.y - from.y) * t + ny * s);
      if (x < 0 || y < 0 || x >= side || y >= side) continue;
      const o = (y * side + x) * 3;
      addColour(into, offset, rgb[o] as number, rgb[o + 1] as number, rgb[o + 2] as number);
    }
  }
}

/** Each pixel is shared between the two nearest hues (or greys), so that a shade on a border does not flip. */
function addColour(into: number[], offset: number, r: number, g: number, b: number): void {
  const high = Math.max(r, g, b);
  const chroma = high - Math.min(r, g, b);
  if (chroma > GREY_SATURATION * high && high > 40) {
    let hue = high === r ? (g - b) / chroma : high === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
    hue = (hue + HUES) % HUES;
    const low = Math.floor(hue);
    const bright = high > 128 ? HUES : 0;
    share(into, offset + bright + (low % HUES), offset + bright + ((low + 1) % HUES), hue - low);
  } else {
    const grey = (((r + g + b) / 3) * (GREYS - 1)) / 255;
    const low = Math.min(GREYS - 2, Math.floor(grey));
    share(into, offset + HUES * 2 + low, offset + HUES * 2 + low + 1, grey - low);
  }
}

function share(into: number[], first: number, second: number, weight: number): void {
  into[first] = (into[first] as number) + 1 - weight;
  into[second] = (into[second] as number) + weight;
}
