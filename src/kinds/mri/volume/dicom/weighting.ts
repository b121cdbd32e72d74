import type { Slice } from './instance.ts';

/** What a sequence shows; null where its description leaves it open. */
export interface Weighting {
  isT1: boolean | null;
  /** What it is, and by what that was told; for a refusal. */
  what: string;
}

const open: Weighting = { isT1: null, what: 'weighting unknown' };
const t1 = (by: string): Weighting => ({ isT1: true, what: `T1-weighted (${by})` });
const not = (what: string, by: string): Weighting => ({ isT1: false, what: `${what} (${by})` });

const contrasts: Readonly<Record<string, string>> = {
  T2: 'T2-weighted',
  T2_STAR: 'T2*-weighted',
  PROTON_DENSITY: 'proton-density-weighted',
  FLUID_ATTENUATED: 'a FLAIR',
  STIR: 'a STIR',
  DIFFUSION: 'a diffusion series',
  PERFUSION: 'a perfusion series',
  FLOW_ENCODED: 'a flow series',
  TAGGING: 'a tagging series',
  TOF: 'an angiography',
};

const named: readonly [readonly string[], string][] = [
  [
    ['asl', 'pcasl', 'pasl', 'perf', 'perfusion', 'dsc', 'dce', 'pwi', 'cbf', 'cbv', 'mtt'],
    'a perfusion series',
  ],
  [['dwi', 'dti', 'adc', 'trace', 'fa', 'diff', 'diffusion'], 'a diffusion series'],
  [['bold', 'fmri', 'epi', 'rest'], 'a functional series'],
  [['swi', 'swan', 'minip', 'mip'], 'susceptibility-weighted'],
  [['tof', 'angio', 'mra', 'mrv'], 'an angiography'],
  [['fieldmap'], 'a field map'],
  [['flair', 'fluid'], 'a FLAIR'],
  [['stir'], 'a STIR'],
  [['t2', 't2w', 'ciss', 'fiesta'], 'T2-weighted'],
  [['pd', 'pdw', 'den'], 'proton-density-weighted'],
];
const t1Words = [
  't1',
  't1w',
  'mprage',
  'mp2rage',
  'bravo',
  'spgr',
  'fspgr',
  'irfspgr',
  'vibe',
  'thrive',
  'lava',
  'flash',
];

/**
 * Told by what the file states, then by how the sequence was timed, then by the known words of its name. Only what is clear is refused;
 * the voxels themselves are looked at later.
 */
export function weightingOf(slice: Slice): Weighting {
  const { instance } = slice;
  const stated = instance.acquisitionContrast ?? '';
  if (stated === 'T1') return t1('stated in the file');
  if (stated in contrasts) return not(contrasts[stated] as string, 'stated in the file');
  const types = new Set([...instance.imageType, ...slice.frameType]);
  if (['DIFFUSION', 'ADC', 'TRACEW', 'FA'].some((type) => types.has(type)))
    return not('a diffusion series', 'by its image type');
  if (['PERFUSION', 'ASL', 'CBF', 'CBV', 'MTT', 'TTP', 'RELCBF'].some((type) => types.has(type)))
    return not('a perfusion series', 'by its image type');
  if (['FMRI', 'MOCO'].some((type) => types.has(type)))
    return not('a functional series', 'by its image type');
  if (instance.scanning.includes('EP')) return not('an echo-planar series', 'by its scanning sequence');

  const words = new Set(instance.words);
  const saysT1 = t1Words.some((word) => words.has(word));
  const timed = byTiming(slice);
  if (timed.isT1 === true) return timed;
  // A proton-density timing is near that of some T1-weighted fast sequences; a long echo time is not.
  if (timed.isT1 === false && !(saysT1 && timed.what.startsWith('proton'))) return timed;
  if (saysT1) return t1('by its name');
  const other = named.find(([those]) => those.some((word) => words.has(word)));
  return other ? not(other[1], 'by its name') : open;
}

function byTiming({ timing, instance }: Slice): Weighting {
  const { repetition_ms: tr, echo_ms: te, inversion_ms: ti, flip_deg: flip } = timing;
  if (te === null || tr === null) return open;
  const by = `TR ${round(tr)} ms, TE ${round(te)} ms${ti ? `, TI ${round(ti)} ms` : ''}${flip ? `, flip angle ${round(flip)}°` : ''}`;
  const inverted = (ti ?? 0) > 100;
  if (instance.scanning.includes('GR') && !instance.scanning.includes('SE')) {
    if (te >= 15) return not('T2*-weighted', by);
    if (inverted || instance.variant.includes('MP')) return t1(by);
    if (flip === null) return open;
    // The angle of the most signal for grey matter: well above it the picture is T1-weighted, well below it shows proton density.
    const ernst = (Math.acos(Math.exp(-tr / 1200)) * 180) / Math.PI;
    if (flip > 1.25 * ernst) return t1(by);
    return flip < 0.6 * ernst ? not('proton-density-weighted', by) : open;
  }
  if (!instance.scanning.includes('SE') && !instance.scanning.includes('IR')) return open;
  if (inverted && (ti as number) >= 1500 && tr >= 4000) return not('a FLAIR', by);
  if (te >= 60 && tr >= 1500) return not('T2-weighted', by);
  if (tr >= 1800 && !inverted) return te < 45 ? not('proton-density-weighted', by) : not('T2-weighted', by);
  return tr < 1200 && te < 45 ? t1(by) : open;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
