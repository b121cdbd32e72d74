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

/** Everything that a head was measured for; volumes in millilitres. */
export interface HeadMeasurements {
  facts: VolumeFacts;
  /** Which way the tissue was told apart. */
  tissue_path: 'anchored' | 'mixture';
  /** `gm_ml`, `wm_ml`, `csf_ml` (within the brain mask) and `brain_ml`. */
  tissue: Record<'gm_ml' | 'wm_ml' | 'csf_ml' | 'brain_ml', Measured>;
  structures: Record<SidedStructure, { left: Measured; right: Measured; asymmetry_pct: Measured }> &
    Record<MidlineStructure, { middle: Measured }>;
  /** Signal to noise, contrast to noise, and the share of the head that touches the field of view's border. */
  quality: { snr: number; cnr: number; border_contact: number };
  /** 0–1. */
  confidence: number;
  confidence_terms: ConfidenceTerm[];
  /** What lowers the confidence, or was not looked at, in whole sentences. */
  notices: string[];
}
