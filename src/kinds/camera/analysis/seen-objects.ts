import type { Box, DetectedObject } from '../events/event.ts';

/** Shares of overlap from which two boxes may be of one thing. */
const SAME = 0.3;

/** Common area over the area of both, 0–1. */
export function overlapOf(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (one.width * one.height + other.width * other.height - common);
}

/** One box for each thing: of boxes of a label that lie on one another the most confident. */
export function withoutRepeats(objects: readonly DetectedObject[]): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of objects.toSorted((a, b) => b.confidence - a.confidence)) {
    const repeats = kept.some(
      ({ label, box }) => label === object.label && overlapOf(box, object.box) > SAME,
    );
    if (!repeats) kept.push(object);
  }
  return kept;
}

/**
 * What an event has seen, after one more look: each thing once, as it was seen most surely. Things of a label are as many
 * as were seen at once; who is who is told by where they were seen last.
 */
export function addLook(known: readonly SeenObject[], look: readonly DetectedObject[]): SeenObject[] {
  const things = known.map((thing) => ({ ...thing }));
  const free = new Set(things);
  for (const object of look.toSorted((a, b) => b.confidence - a.confidence)) {
    const alike = [...free].filter(({ best }) => best.label === object.label);
    const nearest = alike.toSorted((a, b) => distance(a.last, object.box) - distance(b.last, object.box))[0];
    if (!nearest) {
      things.push({ best: object, last: object.box });
      continue;
    }
    free.delete(nearest);
    nearest.last = object.box;
    if (object.confidence > nearest.best.confidence) nearest.best = object;
  }
  return things;
}

/** A thing of an event: as it was seen best, and where it was seen last. */
export interface SeenObject {
  best: DetectedObject;
  last: Box;
}

function distance(one: Box, other: Box): number {
  return Math.hypot(
    one.x + one.width / 2 - other.x - other.width / 2,
    one.y + one.height / 2 - other.y - other.height / 2,
  );
}
