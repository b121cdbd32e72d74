import {
  type MidlineStructure,
  midlineStructures,
  type SidedStructure,
  sidedStructures,
} from './measured.ts';

/** The labels that a model of structures gives, by their numbers; 0 is none of them. Left and right are one label. */
export const modelLabels: Readonly<Record<SidedStructure | MidlineStructure, number>> = {
  cerebral_white_matter: 1,
  cerebral_cortex: 2,
  lateral_ventricle: 3,
  inferior_lateral_ventricle: 4,
  cerebellar_white_matter: 5,
  cerebellar_cortex: 6,
  thalamus: 7,
  caudate: 8,
  putamen: 9,
  pallidum: 10,
  third_ventricle: 11,
  fourth_ventricle: 12,
  brain_stem: 13,
  hippocampus: 14,
  amygdala: 15,
  accumbens: 16,
  ventral_diencephalon: 17,
};

/** The labels of such a model, and of one that tells where the brain is, by their numbers. */
export const structureLabels: readonly string[] = ['background', ...Object.keys(modelLabels)];
export const tissueLabels: readonly string[] = ['background', 'white', 'grey'];

/** Codes of `structures.nii.gz`, left and right: FreeSurfer's, so that viewers know their names and colours. */
export const sidedCodes: Readonly<Record<SidedStructure, { left: number; right: number }>> = {
  cerebral_white_matter: { left: 2, right: 41 },
  cerebral_cortex: { left: 3, right: 42 },
  lateral_ventricle: { left: 4, right: 43 },
  inferior_lateral_ventricle: { left: 5, right: 44 },
  cerebellar_white_matter: { left: 7, right: 46 },
  cerebellar_cortex: { left: 8, right: 47 },
  thalamus: { left: 10, right: 49 },
  caudate: { left: 11, right: 50 },
  putamen: { left: 12, right: 51 },
  pallidum: { left: 13, right: 52 },
  hippocampus: { left: 17, right: 53 },
  amygdala: { left: 18, right: 54 },
  accumbens: { left: 26, right: 58 },
  ventral_diencephalon: { left: 28, right: 60 },
};

export const midlineCodes: Readonly<Record<MidlineStructure, number>> = {
  third_ventricle: 14,
  fourth_ventricle: 15,
  brain_stem: 16,
};

/** Codes of `tissue.nii.gz`. */
export const tissueCodes = { white: 1, grey: 2, csf: 3 } as const;

/** Structures that are filled with fluid. */
export const fluidStructures: readonly (SidedStructure | MidlineStructure)[] = [
  'lateral_ventricle',
  'inferior_lateral_ventricle',
  'third_ventricle',
  'fourth_ventricle',
];

/** Structures that are as bright as white matter, and as bright as cortex. The others lie between. */
export const whiteStructures: readonly (SidedStructure | MidlineStructure)[] = [
  'cerebral_white_matter',
  'cerebellar_white_matter',
];
export const greyStructures: readonly (SidedStructure | MidlineStructure)[] = [
  'cerebral_cortex',
  'cerebellar_cortex',
  'caudate',
  'putamen',
  'hippocampus',
  'amygdala',
  'accumbens',
];

/**
 * For each label of the model its code on the left and on the right; of a midline structure the two are one.
 * Both lists are as long as there are labels, background included.
 */
export function codesByLabel(): { left: Uint8Array; right: Uint8Array } {
  const count = 1 + Object.keys(modelLabels).length;
  const [left, right] = [new Uint8Array(count), new Uint8Array(count)];
  for (const name of sidedStructures) {
    left[modelLabels[name]] = sidedCodes[name].left;
    right[modelLabels[name]] = sidedCodes[name].right;
  }
  for (const name of midlineStructures) {
    left[modelLabels[name]] = midlineCodes[name];
    right[modelLabels[name]] = midlineCodes[name];
  }
  return { left, right };
}
