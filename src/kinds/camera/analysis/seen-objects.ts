import type { Box, DetectedObject } from '../events/event.ts';
import { overlapOf } from './boxes.ts';

/** Overlap from which two boxes of one label are taken for one thing. */
const SAME = 0.3;

/** Who may stand still and still be there: a person, and COCO's animals. */
const living = new Set([
  'person',
  ...['bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'],
]);
const vehicles = new Set(['bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat']);

export function isLiving({ label }: DetectedObject): boolean {
  return living.has(label);
}

/** Whether it moves by itself. */
export function isMover({ label }: DetectedObject): boolean {
  return living.has(label) || vehicles.has(label);
}

/** A thing of an event: as it was seen most surely, and where it was seen last. */
export interface SeenObject {
  best: DetectedObject;
  last: Box;
  /** Looks in which it was seen. */
  looks: number;
}

/** Confidence from which one look is enough for a thing to be named; below, a share of the looks must see it. */
const SURE_AT_ONCE = 0.5;
const SHARE_OF_LOOKS = 0.2;

/** Things that were seen surely or often enough to be named. */
export function namedOf(seen: readonly SeenObject[], looks: number): DetectedObject[] {
  return seen
    .filter((thing) => thing.best.confidence >= SURE_AT_ONCE || thing.looks >= SHARE_OF_LOOKS * looks)
    .map(({ best }) => best);
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
 * What an event has seen, after one more look. Things of a label are as many as were seen at once; who is who is told by
 * where they were seen last.
 * @param look without repeats, the most confident first
 */
export function addLook(known: readonly SeenObject[], look: readonly DetectedObject[]): SeenObject[] {
  const things = known.map((thing) => ({ ...thing }));
  const free = new Set(things);
  for (const object of look) {
    const [nearest] = [...free]
      .filter(({ best }) => best.label === object.label)
      .sort((a, b) => distance(a.last, object.box) - distance(b.last, object.box));
    if (!nearest) {
      things.push({ best: object, last: object.box, looks: 1 });
      continue;
    }
    free.delete(nearest);
    nearest.last = object.box;
    nearest.looks++;
    if (object.confidence > nearest.best.confidence) nearest.best = object;
  }
  return things;
}

function distance(one: Box, other: Box): number {
  return Math.hypot(
    one.x + one.width / 2 - other.x - other.width / 2,
    one.y + one.height / 2 - other.y - other.height / 2,
  );
}
