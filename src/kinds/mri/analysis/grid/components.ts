import type { Dimensions } from '../../volume/volume.ts';
import { eachNeighbour, type Mask } from './morphology.ts';

export interface Components {
  /** 0 outside the mask, else the number of the component, from 1. */
  numbers: Int32Array;
  /** Voxels of each component; `sizes[0]` is 0. */
  sizes: number[];
}

/** Parts of a mask that no way over shared faces joins. */
export function components(mask: Mask, dimensions: Dimensions): Components {
  const numbers = new Int32Array(mask.length);
  const sizes = [0];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || numbers[start] !== 0) continue;
    const number = sizes.length;
    let size = 0;
    const visit = (at: number) => {
      if (mask[at] === 0 || numbers[at] !== 0) return;
      numbers[at] = number;
      stack.push(at);
    };
    visit(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      size++;
      eachNeighbour(at, dimensions, visit);
    }
    sizes.push(size);
  }
  return { numbers, sizes };
}

/** The component with the most voxels; an empty mask where there is none. */
export function largestComponent(mask: Mask, dimensions: Dimensions): Mask {
  const { numbers, sizes } = components(mask, dimensions);
  let largest = 0;
  for (let number = 1; number < sizes.length; number++) {
    if ((sizes[number] as number) > (sizes[largest] as number)) largest = number;
  }
  const kept = new Uint8Array(mask.length);
  if (largest === 0) return kept;
  for (let at = 0; at < kept.length; at++) kept[at] = numbers[at] === largest ? 1 : 0;
  return kept;
}
