/**
 * What a person types into a description can be anything. Of it only these words are read, and only these are ever written again.
 */
const vocabulary = new Set(
  `t1 t1w t2 t2w pd pdw flair dark fluid stir dwi dti adc trace fa diff diffusion asl pcasl pasl perf perfusion dsc dce pwi cbf cbv mtt
  bold fmri rest epi swi swan minip mip tof angio mra mrv pc phase magnitude mag fieldmap
  mprage mp2rage mpr tfl tfl3d fl2d fl3d flash spgr fspgr bravo ffe tfe ir irfspgr vibe thrive lava space cube vista tse fse se gre sag
  sagittal cor coronal tra ax axial transverse 2d 3d iso loc localizer localiser scout survey 3plane aahead gd gad post pre contrast
  c mdc km ce head brain neuro uni inv1 inv2 den fs fatsat fgatir ciss fiesta dir reformat`.split(/\s+/),
);

/** The known words of a free text, in their order. */
export function knownWords(...texts: readonly (string | null)[]): string[] {
  const words = texts.flatMap((text) => (text ?? '').toLowerCase().split(/[^a-z0-9]+/));
  return [...new Set(words)].filter((word) => vocabulary.has(word));
}

const vendors: readonly [RegExp, string][] = [
  [/siemens/i, 'Siemens'],
  [/\bge\b|general electric/i, 'GE'],
  [/philips/i, 'Philips'],
  [/canon|toshiba/i, 'Canon'],
  [/fuji|hitachi/i, 'Fujifilm'],
  [/united imaging|\buih\b/i, 'United Imaging'],
  [/hyperfine/i, 'Hyperfine'],
  [/bruker/i, 'Bruker'],
  [/esaote/i, 'Esaote'],
  [/neusoft/i, 'Neusoft'],
  [/mindray/i, 'Mindray'],
  [/samsung/i, 'Samsung'],
  [/paramed/i, 'Paramed'],
  [/synaptive/i, 'Synaptive'],
];

/** A maker of scanners by one name; null where it is none that is known. */
export function knownVendor(text: string | null): string | null {
  return vendors.find(([pattern]) => pattern.test(text ?? ''))?.[1] ?? null;
}

/** Makers name models by a few words and numbers. */
const models =
  /\b(prisma|skyra|vida|lumina|sola|altea|aera|avanto|verio|trio|trio ?tim|triotim|symphony|espree|sonata|allegra|amira|free\.?max|cima|terra|magnetom|biograph|mmr|signa|discovery|optima|premier|architect|artist|voyager|hero|pioneer|explorer|excite|hdxt?|hde|mr750w?|mr450w?|ingenia|achieva|intera|elition|ambition|panorama|multiva|prodiva|gyroscan|vantage|titan|galan|orian|elan|oasis|echelon|airis|aperto|umr|swoop|fit|x|xr|plus|evo|ds|dstream|tx|premier|[0-9.]{1,4}t?)\b/gi;

/** The words of a model that are known; null without any. */
export function knownModel(text: string | null): string | null {
  const words = (text ?? '').replaceAll('_', ' ').match(models);
  return words ? words.join(' ').slice(0, 64) : null;
}
