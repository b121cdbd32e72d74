import { keypointIndex } from '../keypoints.ts';
import { SEEN_SCORE } from './body.ts';

/**
 * Colour is kept as two opponents, red against green and blue against yellow, each over the brightness, so
 * that haze and shade move it little; brightness itself in a histogram of its own.
 */
const RED_GREEN = 9;
const BLUE_YELLOW = 7;
export const COLOURS = RED_GREEN * BLUE_YELLOW;
const GREYS = 5;
export const BINS = COLOURS + GREYS;
/** Opponent values at the outermost bins; bright clothes share the outermost. */
const RED_GREEN_REACH = 0.1;
const BLUE_YELLOW_REACH = 0.15;
/** Added to the brightness: what is nearly black has no colour, only noise. */
const DARK = 60;
/** Upper body, then thighs. */
const PARTS = 2;
export const APPEARANCE_NUMBERS = BINS * PARTS;
/** Samples along and across each part. */
const ALONG = 10;
const ACROSS = 8;
interface Point {
  x: number;
  y: number;
}

/**
 * How the clothes of a posed person look: of the upper body and of the thighs each a histogram of colour
 * and one of brightness, both summing to 1, or all 0 where that part is not seen.
 * @param rgb `side`×`side`×3, 0–255: the crop the pose was estimated from
 * @param keypoints x, y (pixels of the crop), score × 17
 */
export function describeAppearance(
  rgb: Uint8ClampedArray,
  side: number,
  keypoints: readonly number[],
): number[] {
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
  for (let start = 0; start < APPEARANCE_NUMBERS; start += BINS) {
    // Each sample has put 1 into the colours and 1 into the brightnesses.
    const samples = described.slice(start, start + COLOURS).reduce((total, count) => total + count, 0);
    if (samples === 0) continue;
    for (let i = start; i < start + BINS; i++) {
      described[i] = Math.round(((described[i] as number) / samples) * 1e4) / 1e4;
    }
  }
  return described;
}

function middle(a: Point | null, b: Point | null): Point | null {
  return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : (a ?? b);
}

function addStrip(
  into: number[],
  offset: number,
  rgb: Uint8ClampedArray,
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

/** A sample is shared between neighbouring bins, so that a shade on a border does not flip. */
function addColour(into: number[], offset: number, r: number, g: number, b: number): void {
  const scale = r + g + b + DARK;
  const [rg, rgPart] = bin((r - g) / scale / RED_GREEN_REACH, RED_GREEN);
  const [by, byPart] = bin((b - (r + g) / 2) / scale / BLUE_YELLOW_REACH, BLUE_YELLOW);
  const corner = offset + rg * BLUE_YELLOW + by;
  share(into, corner, corner + 1, byPart, 1 - rgPart);
  share(into, corner + BLUE_YELLOW, corner + BLUE_YELLOW + 1, byPart, rgPart);
  const [grey, greyPart] = bin(((r + g + b) / 765) * 2 - 1, GREYS);
  share(into, offset + COLOURS + grey, offset + COLOURS + grey + 1, greyPart, 1);
}

/** The lower of two neighbouring bins of −1…1, and how much the upper one gets. */
function bin(value: number, count: number): readonly [number, number] {
  const at = ((Math.max(-1, Math.min(1, value)) + 1) / 2) * (count - 1);
  const low = Math.min(count - 2, Math.floor(at));
  return [low, at - low];
}

function share(into: number[], first: number, second: number, part: number, weight: number): void {
  into[first] = (into[first] as number) + (1 - part) * weight;
  into[second] = (into[second] as number) + part * weight;
}
