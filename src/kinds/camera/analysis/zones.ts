import type { Polygon, Zone } from '../events/camera.ts';
import type { Box, DetectedObject } from '../events/event.ts';

/** By the even-odd rule; a point on a border may be either. */
export function isInside(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before) {
      const [[x1, y1], [x2, y2]] = [before, corner];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
    }
    before = corner;
  }
  return inside;
}

/** Where a thing stands: the middle of its box's lower side. */
export function standsIn(polygon: Polygon, { x, y, width, height }: Box): boolean {
  return isInside(polygon, x + width / 2, y + height);
}

/**
 * Names of the zones that an event touched, in the zones' order.
 * @param motion where it moved, which counts where nothing was recognised
 */
export function zonesOf(zones: readonly Zone[], objects: readonly DetectedObject[], motion: Box): string[] {
  const boxes = objects.length > 0 ? objects.map(({ box }) => box) : [motion];
  return zones.filter(({ polygon }) => boxes.some((box) => standsIn(polygon, box))).map(({ name }) => name);
}

/** Without what stands where the picture is painted out. */
export function withoutHidden(
  objects: readonly DetectedObject[],
  hidden: readonly Polygon[],
): readonly DetectedObject[] {
  if (hidden.length === 0) return objects;
  return objects.filter(({ box }) => !hidden.some((polygon) => standsIn(polygon, box)));
}
