import type { Point } from '../../outcome.ts';

/** A connected patch of pixels. */
export interface Component {
  /** Positions in the picture, row by row. */
  pixels: Int32Array;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Patches of pixels for which `isIn` holds, each joined over its sides, in the order of their first pixel.
 * @param among where to look: positions in a picture of `width`; all of it unless told
 */
export function componentsOf(
  width: number,
  height: number,
  isIn: (at: number) => boolean,
  least: number,
  among?: Int32Array,
): Component[] {
  const state = new Uint8Array(width * height);
  const size = among ? among.length : width * height;
  for (let i = 0; i < size; i++) {
    const at = among ? (among[i] as number) : i;
    if (isIn(at)) state[at] = 1;
  }
  const stack: number[] = [];
  const found: Component[] = [];
  for (let i = 0; i < size; i++) {
    const seed = among ? (among[i] as number) : i;
    if (state[seed] !== 1) continue;
    const pixels: number[] = [];
    let [left, right, top, bottom] = [width, -1, height, -1];
    state[seed] = 2;
    stack.push(seed);
    while (stack.length > 0) {
      const at = stack.pop() as number;
      pixels.push(at);
      const x = at % width;
      const y = (at - x) / width;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      const visit = (next: number) => {
        if (state[next] === 1) {
          state[next] = 2;
          stack.push(next);
        }
      };
      if (x > 0) visit(at - 1);
      if (x < width - 1) visit(at + 1);
      if (y > 0) visit(at - width);
      if (y < height - 1) visit(at + width);
    }
    if (pixels.length >= least)
      found.push({ pixels: Int32Array.from(pixels).sort(), left, top, right, bottom });
  }
  return found;
}

/** Outer boundary of a patch along the sides of its pixels, clockwise, as corners of pixels; holes are passed over. */
export function boundaryOf({ pixels, left, top, right, bottom }: Component, width: number): Point[] {
  const wide = right - left + 3;
  const mask = new Uint8Array(wide * (bottom - top + 3));
  for (const at of pixels) {
    const x = at % width;
    mask[((at - x) / width - top + 1) * wide + x - left + 1] = 1;
  }
  const isSet = (x: number, y: number) => mask[y * wide + x] === 1;
  const startAt = pixels[0] as number;
  let x = (startAt % width) - left + 1;
  let y = Math.floor(startAt / width) - top + 1;
  const [startX, startY] = [x, y];
  // Walks with the patch on the right hand: east along its first row to begin with.
  let [dx, dy] = [1, 0];
  const points: Point[] = [];
  do {
    points.push([x + left - 1, y + top - 1]);
    x += dx;
    y += dy;
    const aheadRight = isSet(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    const aheadLeft = isSet(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    if (!aheadRight) [dx, dy] = [-dy, dx];
    else if (aheadLeft) [dx, dy] = [dy, -dx];
  } while (x !== startX || y !== startY);
  return points;
}
