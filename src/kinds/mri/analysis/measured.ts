import type { VolumeFacts } from '../volume/volume.ts';

/** A value with how sure it is. */
export interface Measured {
  /** Null: not measurable; `reason` says why. */
  value: number | null;
  /** One standard deviation, in the unit of the value. */
  uncertainty: number | null;
  reason?: string;
}

export const sidedStructures = [
  'cerebral_white_matter',
  'cerebral_cortex',
  'lateral_ventricle',
  'inferior_lateral_ventricle',
  'cerebellar_white_matter',
  'cerebellar_cortex',
  'thalamus',
  'caudate',
  'putamen',
  'pallidum',
  'hippocampus',
  'amygdala',
  'accumbens',
  'ventral_diencephalon',
] as const;
export const midlineStructures = ['third_ventricle', 'fourth_ventricle', 'brain_stem'] as const;

export type SidedStructure = (typeof sidedStructures)[number];
export type MidlineStructure = (typeof midlineStructures)[number];

export interface ConfidenceTerm {
  name: string;
  /** 0–1; the confidence is their product. */
  value: number;
  /** What it was computed from. */
  from: Record<string, number>;
}

/** A structure that there is on both sides; volumes in millilitres. */
export interface SidedVolumes {
  /** Left and right together: known where the file does not say which side is which. */
  both: Measured;
  left: Measured;
  right: Measured;
  /** 200 × (left − right) / (left + right). */
  asymmetry_pct: Measured;
}

export type TissueName = 'white' | 'grey' | 'csf';

/** How bright a tissue is, in the units of the file. */
export interface IntensityStatistics {
  mean: number;
  deviation: number;
  median: number;
}

/** Everything that a head was measured for; volumes in millilitres. */
export interface HeadMeasurements {
  facts: VolumeFacts;
  /** Which way the tissue was told apart. */
  tissue_path: 'anchored' | 'mixture';
  /** `gm_ml`, `wm_ml`, `csf_ml` (within the brain mask) and `brain_ml`. */
  tissue: Record<'gm_ml' | 'wm_ml' | 'csf_ml' | 'brain_ml', Measured>;
  /** Shares of the brain mask; null where the tissues are not measurable. */
  fractions: Record<TissueName, number> | null;
  intensities: Record<TissueName, IntensityStatistics>;
  structures: Record<SidedStructure, SidedVolumes> & Record<MidlineStructure, { middle: Measured }>;
  /** Signal to noise, contrast to noise, and the share of the head that touches the field of view's border. */
  quality: { snr: number; cnr: number; border_contact: number };
  /** 0–1. */
  confidence: number;
  confidence_terms: ConfidenceTerm[];
  /** What lowers the confidence, or was not looked at, in whole sentences. */
  notices: string[];
}
