import type { Dimensions } from '../volume/volume.ts';
import { components, largestComponent } from './grid/components.ts';
import { close, dilate, fillHoles, type Mask } from './grid/morphology.ts';

/** Millimetres, so voxels of a conformed volume. */
const CLOSING = 3;
/** How far beyond the structures a mask may reach: cortex is one of them, so what is further out is skull or scalp. */
const BEYOND_STRUCTURES = 5;
/** A model that sees as many of its structures, each of them with so many voxels, knows this head, and where its brain ends. */
const WHOLE_BRAIN = { structures: 14, voxels: 50 };

/**
 * Where the brain is: the largest part of what a model calls white or grey, closed by 3 mm, its holes filled.
 * @param structures labels of a model of structures, which bound the mask where they are a whole brain
 */
export function brainMask(labels: Uint8Array, dimensions: Dimensions, structures?: Uint8Array): Mask {
  const bound = structures && isWholeBrain(structures) ? presence(structures) : null;
  const reach = bound && dilate(largestComponent(bound, dimensions), dimensions, BEYOND_STRUCTURES);
  const seen = presence(labels).map((within, at) => (reach ? within & (reach[at] as number) : within));
  const mask = fillHoles(close(largestComponent(seen, dimensions), dimensions, CLOSING), dimensions);
  return reach ? mask.map((within, at) => within & (reach[at] as number)) : mask;
}

function isWholeBrain(structures: Uint8Array): boolean {
  const counts = new Map<number, number>();
  for (const label of structures) if (label !== 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= WHOLE_BRAIN.voxels).length >= WHOLE_BRAIN.structures;
}

/** The share of what a model of the brain saw that is in one piece. */
export function shareInOnePiece(labels: Uint8Array, dimensions: Dimensions): number {
  const { sizes } = components(presence(labels), dimensions);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return all === 0 ? 0 : Math.max(...sizes) / all;
}

const presence = (labels: Uint8Array): Mask => labels.map((label) => (label === 0 ? 0 : 1));
