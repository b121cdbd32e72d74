/** What every output says, in the same words. */
export const notForDiagnosis = 'Not for diagnosis.';

export const notLookedFor =
  'Lesions, haemorrhage and tumour were not looked for; a normal volume does not mean a normal scan.';
