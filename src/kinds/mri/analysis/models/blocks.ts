import type { Dimensions } from '../../volume/volume.ts';
import type { Box } from '../grid/box.ts';

/** A part of a volume that a model looks at by itself. */
export interface Block {
  /** What of its labels counts. */
  core: Box;
  /** What it has to see for them: the core, and around it as far as a label depends on. */
  seen: Box;
}

const MOST_PARTS = 12;

/**
 * Cuts a volume into blocks of which none is larger than `mostVoxels`, with the least to compute. Where no cut is small enough
 * (the margins alone are too much), the smallest blocks.
 * @param margin how far away a voxel may be that a label depends on
 */
export function planBlocks(dimensions: Dimensions, margin: number, mostVoxels: number): Block[] {
  let best: { parts: Dimensions; cost: number; largest: number } | null = null;
  for (const parts of ways(dimensions)) {
    const lengths = parts.map((count, axis) =>
      cutAxis(dimensions[axis] as number, count, margin).map(({ seen }) => seen.to - seen.from),
    );
    // All blocks together are the product of what is seen along each axis, and so is the largest one.
    const cost = lengths.reduce((product, all) => product * all.reduce((sum, length) => sum + length, 0), 1);
    const largest = lengths.reduce((product, all) => product * Math.max(...all), 1);
    if (!best || isBetter({ cost, largest }, best, mostVoxels)) best = { parts, cost, largest };
  }
  return best ? cut(dimensions, best.parts, margin) : [];
}

type Cost = { cost: number; largest: number };

function isBetter(one: Cost, other: Cost, mostVoxels: number): boolean {
  const [fits, otherFits] = [one.largest <= mostVoxels, other.largest <= mostVoxels];
  if (fits !== otherFits) return fits;
  return fits ? one.cost < other.cost : one.largest < other.largest;
}

function* ways(dimensions: Dimensions): Generator<Dimensions> {
  const [x, y, z] = dimensions.map((length) => Math.min(MOST_PARTS, length)) as [number, number, number];
  for (let a = 1; a <= x; a++) {
    for (let b = 1; b <= y; b++) {
      for (let c = 1; c <= z; c++) yield [a, b, c];
    }
  }
}

interface Range {
  from: number;
  to: number;
}

function cutAxis(length: number, parts: number, margin: number): { core: Range; seen: Range }[] {
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [Math.round((length * part) / parts), Math.round((length * (part + 1)) / parts)];
    return {
      core: { from, to },
      seen: { from: Math.max(0, from - margin), to: Math.min(length, to + margin) },
    };
  });
}

function cut(dimensions: Dimensions, parts: Dimensions, margin: number): Block[] {
  const [x, y, z] = dimensions.map((length, axis) => cutAxis(length, parts[axis] as number, margin)) as [
    ReturnType<typeof cutAxis>,
    ReturnType<typeof cutAxis>,
    ReturnType<typeof cutAxis>,
  ];
  const box = (a: Range, b: Range, c: Range): Box => ({
    from: [a.from, b.from, c.from],
    to: [a.to, b.to, c.to],
  });
  return z.flatMap((c) =>
    y.flatMap((b) =>
      x.map((a) => ({ core: box(a.core, b.core, c.core), seen: box(a.seen, b.seen, c.seen) })),
    ),
  );
}
