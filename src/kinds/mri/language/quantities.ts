import { midlineStructures, sidedStructures } from '../analysis/measured.ts';

export type Side = 'left' | 'right';

/** How a quantity is called in a text, and how its mentions are found. */
export interface Quantity {
  key: string;
  name: string;
  mentions: RegExp;
  /** Whether it has a left and a right value. */
  sided: boolean;
}

const patterns: Readonly<Record<string, string>> = {
  cerebral_white_matter: 'cerebral white matter',
  cerebral_cortex: 'cerebral cort(?:ex|ices)',
  lateral_ventricle: '(?<!inferior )lateral ventricles?',
  inferior_lateral_ventricle: 'inferior lateral ventricles?',
  cerebellar_white_matter: 'cerebellar white matter',
  cerebellar_cortex: 'cerebellar cort(?:ex|ices)',
  thalamus: 'thalam(?:us|i|ic)',
  caudate: 'caudates?',
  putamen: 'putam(?:en|ens|ina)',
  pallidum: 'pallid(?:um|a|al)',
  hippocampus: 'hippocamp(?:us|i|al)',
  amygdala: 'amygdal(?:a|ae|as|ar)',
  accumbens: 'accumbens',
  ventral_diencephalon: 'ventral diencephal(?:on|a)',
  third_ventricle: 'third ventricle',
  fourth_ventricle: 'fourth ventricle',
  brain_stem: 'brain ?stem',
};

const quantity = (key: string, name: string, pattern: string, sided = false): Quantity => ({
  key,
  name,
  mentions: new RegExp(`\\b(?:${pattern})\\b`, 'gi'),
  sided,
});

export const quantities: readonly Quantity[] = [
  quantity('gm', 'grey matter', 'gr[ea]y matter'),
  quantity('wm', 'white matter', '(?<!cerebral |cerebellar )white matter'),
  quantity('csf', 'cerebrospinal fluid', 'cerebrospinal fluid|csf'),
  quantity('brain', 'brain', 'brain(?! ?stem\\b| mask\\b)'),
  ...sidedStructures.map((key) => quantity(key, spoken(key), patterns[key] as string, true)),
  ...midlineStructures.map((key) => quantity(key, spoken(key), patterns[key] as string)),
  quantity('snr', 'signal to noise', 'signal'),
  quantity('cnr', 'contrast to noise', 'contrast'),
  quantity('border_contact', 'contact with the border of the field of view', 'border|field of view'),
  quantity('confidence', 'confidence', 'confidence'),
  quantity('voxel', 'voxel size', 'voxels?'),
  quantity('field_strength', 'field strength', 'field strength|scanner'),
  quantity('sequence', 'sequence', 'sequence|series|images?|scan'),
  quantity('age', 'age', 'aged?|years'),
];

/** `lateral_ventricle` as people say it. */
export function spoken(structure: string): string {
  return structure.replaceAll('_', ' ');
}

export function quantityOf(key: string): Quantity {
  const found = quantities.find((one) => one.key === key);
  if (!found) throw new RangeError(`There is no quantity "${key}".`);
  return found;
}
