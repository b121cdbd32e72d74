import type { Dimensions } from '../volume/volume.ts';
import { components, largestComponent } from './grid/components.ts';
import { close, dilate, fillHoles, type Mask } from './grid/morphology.ts';

/** Millimetres, so voxels of a conformed volume. */
const CLOSING = 3;
/** How far beyond the structures a mask may reach: cortex is one of them, so what is further out is skull or scalp. */
const BEYOND_STRUCTURES = 5;
/** A model of structures that sees a smaller share of the mask does not know where the brain ends. */
const LEAST_STRUCTURES = 0.5;

/**
 * Where the brain is: the largest part of what a model calls white or grey, closed by 3 mm, its holes filled.
 * @param structures labels of a model of structures, which bound the mask where they are a whole brain
 */
export function brainMask(labels: Uint8Array, dimensions: Dimensions, structures?: Uint8Array): Mask {
  const seen = largestComponent(presence(labels), dimensions);
  const mask = fillHoles(close(seen, dimensions, CLOSING), dimensions);
  if (!structures) return mask;
  const known = presence(structures);
  if (count(known) < LEAST_STRUCTURES * count(mask)) return mask;
  const reach = dilate(known, dimensions, BEYOND_STRUCTURES);
  return largestComponent(
    mask.map((within, at) => within & (reach[at] as number)),
    dimensions,
  );
}

/** The share of what a model of the brain saw that is in one piece. */
export function shareInOnePiece(labels: Uint8Array, dimensions: Dimensions): number {
  const { sizes } = components(presence(labels), dimensions);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return all === 0 ? 0 : Math.max(...sizes) / all;
}

const presence = (labels: Uint8Array): Mask => labels.map((label) => (label === 0 ? 0 : 1));
const count = (mask: Mask) => mask.reduce((sum, value) => sum + value, 0);
