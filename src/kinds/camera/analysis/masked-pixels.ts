import type { Polygon } from '../events/camera.ts';
import { BitMask } from './bit-mask.ts';

/** The pixels whose middle lies within any of the polygons, by the even-odd rule. */
export function pixelsWithin(polygons: readonly Polygon[], width: number, height: number): BitMask {
  const mask = new BitMask(width, height);
  for (const polygon of polygons) {
    for (let y = 0; y < height; y++) {
      const crossings = crossingsAt(polygon, (y + 0.5) / height);
      for (let n = 0; n + 1 < crossings.length; n += 2) {
        const from = Math.max(0, Math.ceil((crossings[n] as number) * width - 0.5));
        const to = Math.min(width - 1, Math.ceil((crossings[n + 1] as number) * width - 0.5) - 1);
        for (let x = from; x <= to; x++) mask.set(x, y);
      }
    }
  }
  return mask;
}

/** Where the outline crosses a line of that height, from left to right. */
function crossingsAt(polygon: Polygon, y: number): number[] {
  const crossings: number[] = [];
  for (const [n, [x1, y1]] of polygon.entries()) {
    const [x2, y2] = polygon[(n + 1) % polygon.length] as readonly [number, number];
    if (y1 <= y === y2 <= y) continue;
    crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  }
  return crossings.sort((a, b) => a - b);
}
