import type { Dimensions } from '../volume/volume.ts';
import { dilate, erode, type Mask } from './grid/morphology.ts';

/** Millimetres around the brain in which there are skull and scalp, unless they were cut away. */
const AROUND = { from: 4, to: 12 };
/** A head without skull has nothing there. */
const EMPTY_SHARE = 0.9;
const EMPTY = 2;

/** Whether nothing is around the brain: its skull was stripped. */
export function isSkullStripped(values: Float32Array, mask: Mask, dimensions: Dimensions): boolean {
  const near = dilate(mask, dimensions, AROUND.from);
  const far = dilate(mask, dimensions, AROUND.to);
  let around = 0;
  let empty = 0;
  for (let at = 0; at < far.length; at++) {
    if (far[at] !== 1 || near[at] === 1) continue;
    around++;
    if ((values[at] as number) <= EMPTY) empty++;
  }
  return around > 0 && empty >= EMPTY_SHARE * around;
}

/** Vessels and sinuses lie in the outermost millimetres of the brain mask and just around it. */
const VESSELS = { within: 6, around: 2 };
/** How much brighter than white matter blood with a contrast agent is. Blood that flows into a thin slice is less bright. */
const BRIGHTER = 1.5;

/** The share of the brain's outer layer that is clearly brighter than white matter: blood vessels that an agent fills. */
export function brightVesselShare(
  values: Float32Array,
  mask: Mask,
  dimensions: Dimensions,
  whiteMean: number,
): number {
  const inner = erode(mask, dimensions, VESSELS.within);
  const outer = dilate(mask, dimensions, VESSELS.around);
  let layer = 0;
  let bright = 0;
  for (let at = 0; at < outer.length; at++) {
    if (outer[at] !== 1 || inner[at] === 1) continue;
    layer++;
    if ((values[at] as number) > BRIGHTER * whiteMean) bright++;
  }
  return layer === 0 ? 0 : bright / layer;
}
