import type { Dimensions } from '../volume/volume.ts';
import { brainMask } from './brain-mask.ts';
import { type Box, boxAround, crop, sizeOf, withMargin } from './grid/box.ts';
import { components } from './grid/components.ts';
import { type T1Signs, t1Signs, whyNotT1 } from './t1-check.ts';

/** What the quick look tells: roughly how much, and where. */
export interface QuickLook {
  /** Millilitres by the model's own, rough split. */
  rough: { brain_ml: number; white_ml: number; grey_ml: number };
  /** Where the deep look has to look, in voxels of the conformed volume. */
  brain_box: Box;
  t1: T1Signs;
}

/** Less than this is no brain: a child's at birth has more. */
const LEAST_BRAIN_ML = 200;
/** Parts of at least this share of the largest one belong to the brain's box. */
const PART = 0.1;
/** Millimetres around what the quick look saw. */
const MARGIN = 12;

/**
 * Whether a volume is a head in T1, and where its brain is.
 * @param labels of a quick model: 0 background, 1 white, 2 grey
 * @returns the look, or why the volume is no head T1, as a clause
 */
export function lookQuickly(
  values: Float32Array,
  labels: Uint8Array,
  dimensions: Dimensions,
): QuickLook | { no_head_t1: string } {
  const box = partsBox(labels, dimensions);
  const found = labels.reduce((count, label) => (label === 0 ? count : count + 1), 0) / 1000;
  if (!box || found < LEAST_BRAIN_ML) {
    return {
      no_head_t1: `nothing in it looks as a brain does in T1 (${Math.round(found)} ml were found, and ${LEAST_BRAIN_ML} ml are the least)`,
    };
  }
  const brainBox = withMargin(box, MARGIN, dimensions);
  const size = sizeOf(brainBox);
  const [seen, split] = [crop(values, dimensions, brainBox), crop(labels, dimensions, brainBox)];
  const mask = brainMask(split, size);
  const t1 = t1Signs(seen, mask, size);
  const why = whyNotT1(t1);
  if (why !== null) return { no_head_t1: why };
  const ml = [0, 0, 0];
  for (let at = 0; at < split.length; at++) {
    if (mask[at] !== 1) continue;
    const label = split[at] as number;
    ml[label] = (ml[label] ?? 0) + 0.001;
  }
  const [, white, grey] = ml as [number, number, number];
  return { rough: { brain_ml: white + grey, white_ml: white, grey_ml: grey }, brain_box: brainBox, t1 };
}

/** The box around the large parts of what a model saw: it may have seen the brain in two pieces, and specks elsewhere. */
function partsBox(labels: Uint8Array, dimensions: Dimensions): Box | null {
  const { numbers, sizes } = components(
    labels.map((label) => (label === 0 ? 0 : 1)),
    dimensions,
  );
  const least = PART * Math.max(...sizes);
  return boxAround(
    Uint8Array.from(numbers, (number) => ((sizes[number] as number) >= least && number > 0 ? 1 : 0)),
    dimensions,
  );
}
