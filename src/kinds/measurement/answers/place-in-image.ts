import type { Point } from '../outcome.ts';

/** The image that points of an answer are in. */
export interface Framed {
  image: { width: number; height: number };
}

/** A point may lie so far outside, in shares of the image's side: a thing that the frame cuts has such corners. */
const outsideShare = 0.05;

export function isOutside([x, y]: Point, { image: { width, height } }: Framed): boolean {
  const [beyondX, beyondY] = [width * outsideShare, height * outsideShare];
  // Not "x < …": a NaN is outside, too.
  return !(x >= -beyondX && x <= width + beyondX && y >= -beyondY && y <= height + beyondY);
}

export const said = ([x, y]: Point): string => `${x},${y}`;
export const sizeOf = ({ image }: Framed): string => `${image.width} × ${image.height}`;
