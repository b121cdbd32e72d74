import type { Box } from '../events/event.ts';

/** The least box that holds both. */
export function around(one: Box, other: Box): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

/** Common area over the area of both, 0–1. */
export function overlapOf(one: Box, other: Box): number {
  const common = commonArea(one, other);
  return common === 0 ? 0 : common / (one.width * one.height + other.width * other.height - common);
}

export function commonArea(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

/** How far two boxes are apart along the axis on which they are farther; 0 where they touch. */
export function gapOf(one: Box, other: Box): number {
  const across = Math.max(one.x - other.x - other.width, other.x - one.x - one.width);
  const down = Math.max(one.y - other.y - other.height, other.y - one.y - one.height);
  return Math.max(0, across, down);
}

/** A box with more around it: a share of its own size on each side, and so much that it has a least size. */
export function widened({ x, y, width, height }: Box, share: number, least: number): Box {
  const [left, right] = widenedSide(x, width, share, least);
  const [top, bottom] = widenedSide(y, height, share, least);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function widenedSide(from: number, length: number, share: number, least: number): [number, number] {
  const wanted = Math.min(1, Math.max(length * (1 + 2 * share), least));
  const begin = Math.min(Math.max(0, from + length / 2 - wanted / 2), 1 - wanted);
  return [begin, begin + wanted];
}
