import type { Dimensions } from '../../volume/volume.ts';
import { type Box, sizeOf, voxelCount, withMargin } from '../grid/box.ts';

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
  let best: { blocks: Block[]; fits: boolean; cost: number; largest: number } | null = null;
  for (const parts of ways(dimensions)) {
    const blocks = cut(dimensions, parts, margin);
    const sizes = blocks.map(({ seen }) => voxelCount(sizeOf(seen)));
    const largest = Math.max(...sizes);
    const cost = sizes.reduce((sum, size) => sum + size, 0);
    const fits = largest <= mostVoxels;
    const isBetter =
      !best || (fits !== best.fits ? fits : fits ? cost < best.cost : largest < best.largest);
    if (isBetter) best = { blocks, fits, cost, largest };
    // The first way is the whole: nothing costs less.
    if (best?.fits && best.blocks.length === 1) break;
  }
  return best?.blocks ?? [];
}

function* ways(dimensions: Dimensions): Generator<Dimensions> {
  const [x, y, z] = dimensions.map((length) => Math.min(MOST_PARTS, length)) as [number, number, number];
  for (let a = 1; a <= x; a++) {
    for (let b = 1; b <= y; b++) {
      for (let c = 1; c <= z; c++) yield [a, b, c];
    }
  }
}

function cut(dimensions: Dimensions, parts: Dimensions, margin: number): Block[] {
  const blocks: Block[] = [];
  const edge = (axis: 0 | 1 | 2, part: number) => Math.round((dimensions[axis] * part) / parts[axis]);
  for (let c = 0; c < parts[2]; c++) {
    for (let b = 0; b < parts[1]; b++) {
      for (let a = 0; a < parts[0]; a++) {
        const core: Box = {
          from: [edge(0, a), edge(1, b), edge(2, c)],
          to: [edge(0, a + 1), edge(1, b + 1), edge(2, c + 1)],
        };
        blocks.push({ core, seen: withMargin(core, margin, dimensions) });
      }
    }
  }
  return blocks;
}
