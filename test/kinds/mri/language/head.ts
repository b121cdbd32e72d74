import {
  type HeadMeasurements,
  type Measured,
  midlineStructures,
  sidedStructures,
} from '../../../../src/kinds/mri/analysis/measured.ts';
import type { VolumeFacts } from '../../../../src/kinds/mri/volume/volume.ts';

export const of = (value: number, uncertainty: number): Measured => ({ value, uncertainty });

const facts: VolumeFacts = {
  format: 'nifti',
  sides: 'known',
  orientation_from: 'The sform is used, since its code is greater than that of the qform.',
  voxel_mm: [1, 1, 1.25],
  sequence: 'MPRAGE',
  field_strength_t: 3,
  contrast_agent: 'no',
  manufacturer: 'Maker',
  model: 'Prisma',
  age_years: 61,
  sex: 'female',
  notices: ['The header named four axes, of which the last has one entry.'],
};

/** A head with values like those of the sample; the left hippocampus is the smaller one. */
export function head(
  change: Partial<Omit<HeadMeasurements, 'facts'>> & { facts?: Partial<VolumeFacts> } = {},
): HeadMeasurements {
  const sided = Object.fromEntries(
    sidedStructures.map((name, n) => [
      name,
      {
        both: of(8.02 + 2 * n, 0.15),
        left: of(4 + n, 0.1),
        right: of(4.02 + n, 0.1),
        asymmetry_pct: of(-0.5, 3),
      },
    ]),
  );
  const middle = Object.fromEntries(midlineStructures.map((name, n) => [name, { middle: of(2 + n, 0.2) }]));
  return {
    tissue_path: 'anchored',
    tissue: {
      gm_ml: of(702.4, 21.3),
      wm_ml: of(548.6, 18.2),
      csf_ml: of(131.1, 12.9),
      brain_ml: of(1251, 24),
    },
    fractions: { white: 0.4, grey: 0.5, csf: 0.1 },
    intensities: {
      white: { mean: 900, deviation: 60, median: 905 },
      grey: { mean: 640, deviation: 70, median: 641 },
      csf: { mean: 250, deviation: 90, median: 240 },
    },
    structures: {
      ...sided,
      ...middle,
      hippocampus: {
        both: of(7.83, 0.2),
        left: of(3.72, 0.12),
        right: of(4.11, 0.13),
        asymmetry_pct: of(-10, 4.5),
      },
    } as HeadMeasurements['structures'],
    quality: { snr: 31.27, cnr: 4.21, border_contact: 0.013 },
    confidence: 0.87,
    confidence_terms: [{ name: 'agreement', value: 0.9, from: { dice: 0.93 } }],
    notices: ['The neck takes up a third of the image.'],
    ...change,
    facts: { ...facts, ...change.facts },
  };
}
