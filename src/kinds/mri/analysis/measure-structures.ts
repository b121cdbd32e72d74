import type { Sides } from '../volume/volume.ts';
import {
  type HeadMeasurements,
  type Measured,
  midlineStructures,
  type SidedVolumes,
  sidedStructures,
} from './measured.ts';
import type { CountsBySide } from './sides.ts';
import { modelLabels } from './structures.ts';

/** Two looks that differ by more than this share of their mean have not measured the structure. */
const LARGEST_DIFFERENCE = 0.4;
/** Nor have two looks that agree on fewer voxels than this: Dice's coefficient. */
const LEAST_OVERLAP = 0.5;

/**
 * Voxels on which two looks differ lie on both sides of an edge, and most of them cancel out in the volumes. This share of them is
 * taken to be left, or two volumes that are equal by chance would seem exact.
 */
const NOT_CANCELLED = 0.25;

export interface StructureLooks {
  first: CountsBySide;
  second: CountsBySide;
  /** Dice's coefficient of the two looks, by label. */
  overlap: Float64Array;
  sides: Sides;
  /** Why nothing of the head is measurable. */
  reason: string | undefined;
}

const ML = 0.001;

/** Volumes of the structures by the first look, with what the second one says of how sure they are. */
export function measureStructures(looks: StructureLooks): HeadMeasurements['structures'] {
  const sided = sidedStructures.map((name) => [name, sidedVolumes(looks, modelLabels[name])] as const);
  const middle = midlineStructures.map(
    (name) => [name, { middle: wholeVolume(looks, modelLabels[name]) }] as const,
  );
  return Object.fromEntries([...sided, ...middle]) as unknown as HeadMeasurements['structures'];
}

function sidedVolumes(looks: StructureLooks, label: number): SidedVolumes {
  const { first, second, sides } = looks;
  const both = wholeVolume(looks, label);
  if (sides !== 'known') {
    const unsure = notMeasurable(
      sides === 'unknown'
        ? 'the file does not say which side is left'
        : 'the file contradicts itself about which side is left',
    );
    return { both, left: unsure, right: unsure, asymmetry_pct: unsure };
  }
  const left = volume(looks, label, first.left[label] as number, second.left[label] as number);
  const right = volume(looks, label, first.right[label] as number, second.right[label] as number);
  return { both, left, right, asymmetry_pct: asymmetry(left, right) };
}

function wholeVolume(looks: StructureLooks, label: number): Measured {
  const total = ({ left, right }: CountsBySide) => (left[label] as number) + (right[label] as number);
  return volume(looks, label, total(looks.first), total(looks.second));
}

function volume({ overlap, reason }: StructureLooks, label: number, one: number, other: number): Measured {
  if (reason !== undefined) return notMeasurable(reason);
  if (one === 0) return notMeasurable('the model does not see it');
  const differing = Math.abs(one - other) / ((one + other) / 2);
  if (differing > LARGEST_DIFFERENCE) {
    return notMeasurable(`two models differ by ${Math.round(100 * differing)} % in its volume`);
  }
  const share = overlap[label] as number;
  if (!(share >= LEAST_OVERLAP)) {
    return notMeasurable(`two models see it in different places (they share ${Math.round(100 * share)} %)`);
  }
  const uncertainty = Math.hypot((one - other) / Math.SQRT2, NOT_CANCELLED * (1 - share) * one);
  return { value: one * ML, uncertainty: uncertainty * ML };
}

function asymmetry(left: Measured, right: Measured): Measured {
  if (left.value === null || right.value === null) {
    return notMeasurable((left.value === null ? left.reason : right.reason) ?? '');
  }
  const sum = left.value + right.value;
  // The derivatives of 200 (l − r) / (l + r).
  const byLeft = (400 * right.value) / sum ** 2;
  const byRight = (400 * left.value) / sum ** 2;
  return {
    value: (200 * (left.value - right.value)) / sum,
    uncertainty: Math.hypot(byLeft * (left.uncertainty ?? 0), byRight * (right.uncertainty ?? 0)),
  };
}

export const notMeasurable = (reason: string): Measured => ({ value: null, uncertainty: null, reason });
