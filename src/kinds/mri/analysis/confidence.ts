import type { ConfidenceTerm } from './measured.ts';

/** Below this confidence there are no numbers. */
export const LEAST_CONFIDENCE = 0.2;

/** What each term of the confidence is computed from. */
export interface ConfidenceSigns {
  /** (WM − GM) / σ of white matter. */
  contrast: number;
  /** Dice's coefficient of white and grey matter by the model of structures and by intensity. */
  agreement: number;
  /** Mean Dice's coefficient of the two models of structures, over all structures. */
  second_look: number;
  /** How much of the grey and white matter the two ways of telling them apart put elsewhere; null where only one held. */
  paths_differ: number | null;
  /** The share of what the model of the brain saw that is in one piece. */
  in_one_piece: number;
  /** Millilitres of fluid deep in the brain that is neither ventricle nor mirrored. */
  unexplained_fluid_ml: number;
  /** The share of the brain's surface at the border of the field of view. */
  border_contact: number;
  brain_ml: number;
  /** The longest edge of the file's voxels. */
  voxel_mm: number;
  contrast_agent: boolean;
  skull_stripped: boolean;
}

/** A value that is worth nothing (or `worst`) at one end, and all at the other; between them it rises in a straight line. */
interface Ramp {
  none: number;
  all: number;
  worst: number;
}

/**
 * The table of `docs/mri.md`. Terms that only tell that the structures are unsure are worth something at their worst: the tissues
 * do not depend on them.
 */
export const confidenceTable = {
  contrast: { none: 0.5, all: 4, worst: 0 },
  agreement: { none: 0.3, all: 0.9, worst: 0.6 },
  second_look: { none: 0.4, all: 0.9, worst: 0.7 },
  paths: { none: 0.3, all: 0.02, worst: 0.5 },
  one_piece: { none: 0.8, all: 0.98, worst: 0.3 },
  unexplained_fluid: { none: 20, all: 0, worst: 0.3 },
  border: { none: 0.03, all: 0.002, worst: 0 },
  resolution: { none: 7, all: 1.6, worst: 0.5 },
  volume_low: { none: 500, all: 850, worst: 0 },
  volume_high: { none: 2300, all: 1900, worst: 0 },
} as const satisfies Record<string, Ramp>;

/** What a single way of telling the tissues apart, a contrast agent, and a stripped skull are worth. */
const ONE_PATH = 0.7;
const CONTRAST_AGENT = 0.8;
const SKULL_STRIPPED = 0.9;

export function confidenceTerms(signs: ConfidenceSigns): ConfidenceTerm[] {
  const { paths_differ, brain_ml } = signs;
  const term = (name: string, value: number, from: Record<string, number>): ConfidenceTerm => ({
    name,
    value,
    from,
  });
  const ramped = (name: keyof typeof confidenceTable, value: number) => along(confidenceTable[name], value);
  return [
    term('contrast', ramped('contrast', signs.contrast), { contrast: signs.contrast }),
    term('agreement', ramped('agreement', signs.agreement), { agreement: signs.agreement }),
    term('second_look', ramped('second_look', signs.second_look), { second_look: signs.second_look }),
    paths_differ === null
      ? term('paths', ONE_PATH, {})
      : term('paths', ramped('paths', paths_differ), { paths_differ }),
    term('one_piece', ramped('one_piece', signs.in_one_piece), { in_one_piece: signs.in_one_piece }),
    term('unexplained_fluid', ramped('unexplained_fluid', signs.unexplained_fluid_ml), {
      unexplained_fluid_ml: signs.unexplained_fluid_ml,
    }),
    term('border', ramped('border', signs.border_contact), { border_contact: signs.border_contact }),
    term('resolution', ramped('resolution', signs.voxel_mm), { voxel_mm: signs.voxel_mm }),
    term('volume', ramped('volume_low', brain_ml) * ramped('volume_high', brain_ml), { brain_ml }),
    term('contrast_agent', signs.contrast_agent ? CONTRAST_AGENT : 1, {
      contrast_agent: Number(signs.contrast_agent),
    }),
    term('skull_stripped', signs.skull_stripped ? SKULL_STRIPPED : 1, {
      skull_stripped: Number(signs.skull_stripped),
    }),
  ];
}

/** The product of the terms. */
export function confidenceOf(terms: readonly ConfidenceTerm[]): number {
  return terms.reduce((product, { value }) => product * value, 1);
}

function along({ none, all, worst }: Ramp, value: number): number {
  const share = Number.isFinite(value) ? (value - none) / (all - none) : 0;
  return worst + (1 - worst) * Math.max(0, Math.min(1, share));
}
