import type { HeadMeasurements, Measured, MidlineStructure, SidedStructure } from '../analysis/measured.ts';
import { midlineStructures } from '../analysis/measured.ts';
import { quantities, type Side } from './quantities.ts';

/** Quantities that are no volumes. */
export const factKeys: ReadonlySet<string> = new Set(
  'snr cnr border_contact confidence voxel field_strength sequence age'.split(' '),
);

/** A place in a sentence where a quantity is named. */
export interface Mention {
  key: string;
  sided: boolean;
  at: number;
}

export function mentionsIn(sentence: string): Mention[] {
  return quantities
    .flatMap(({ key, sided, mentions }) =>
      [...sentence.matchAll(mentions)].map(({ index }) => ({ key, sided, at: index })),
    )
    .sort((one, other) => one.at - other.at);
}

export interface SideMention {
  side: Side;
  at: number;
}

export function sidesIn(sentence: string): SideMention[] {
  return [...sentence.matchAll(/\b(left|right)\b/gi)].map(({ 0: word, index }) => ({
    side: word.toLowerCase() as Side,
    at: index,
  }));
}

/** Which way each word compares, of volume or of brightness. */
const comparatives: Readonly<Record<string, { of: 'volume' | 'brightness'; sign: 1 | -1 }>> = {
  larger: { of: 'volume', sign: 1 },
  bigger: { of: 'volume', sign: 1 },
  greater: { of: 'volume', sign: 1 },
  smaller: { of: 'volume', sign: -1 },
  brighter: { of: 'brightness', sign: 1 },
  darker: { of: 'brightness', sign: -1 },
};
const known = new RegExp(`\\b(?:${Object.keys(comparatives).join('|')})\\b`, 'gi');
/** What compares in a way that nobody here can check. */
const unknown =
  /\b(?:lesser|higher|lower|wider|narrower|thicker|thinner|longer|shorter|heavier|lighter|fewer|more|less|worse|better|older|younger|outweigh\w*|surpass\w*|dominat\w*|outsiz\w*|dwarf\w*|twofold|exceed\w*)\b/i;
const alike =
  /\b(?:same|equal\w*|identical\w*|similar\w*|alike|comparable|match\w*|differ\w*|even|uneven)\b/i;

/** On a T1-weighted image. */
const brightness: Readonly<Record<string, number>> = { wm: 3, gm: 2, csf: 1 };
const tissues: Readonly<Record<string, keyof HeadMeasurements['tissue']>> = {
  gm: 'gm_ml',
  wm: 'wm_ml',
  csf: 'csf_ml',
  brain: 'brain_ml',
};

/**
 * What is wrong with a sentence that compares: only `larger than`, `smaller than`, and of the tissues' brightness
 * `brighter than` and `darker than` can be checked, one in a sentence.
 */
export function wrongComparison(sentence: string, measured: HeadMeasurements): string | null {
  const words = [...sentence.matchAll(known)];
  const than = [...sentence.matchAll(/\bthan\b/gi)];
  const vague = unknown.exec(sentence)?.[0];
  if (vague !== undefined) return `"${vague}" compares in a way that cannot be checked`;
  const sides = sidesIn(sentence);
  if (alike.test(sentence) && (sides.length > 1 || comparable(sentence).length > 1))
    return 'whether two values are alike is not said in words';
  const [word] = words;
  if (!word)
    return than.length > 0 ? '"than" without "larger" or "smaller" before it cannot be checked' : null;
  if (words.length > 1 || than.length !== 1 || (than[0]?.index ?? 0) < word.index)
    return 'a comparison has the form "the left hippocampus is larger than the right", once in a sentence';
  const split = than[0]?.index ?? 0;
  const [before, after] = [sentence.slice(0, word.index), sentence.slice(split)];
  const { of, sign } = comparatives[word[0].toLowerCase()] as { of: 'volume' | 'brightness'; sign: 1 | -1 };
  const pair = of === 'brightness' ? brightnessOf(before, after) : volumesOf(before, after, measured);
  if (typeof pair === 'string') return pair;
  const [first, second] = pair;
  if (first.value === null || second.value === null) return 'a value that is not measurable is compared';
  const difference = first.value - second.value;
  const unsure = Math.hypot(first.uncertainty ?? 0, second.uncertainty ?? 0);
  if (Math.abs(difference) <= unsure) return 'the two do not differ by more than their uncertainty';
  return Math.sign(difference) === sign ? null : 'the comparison is the wrong way round';
}

type Value = Pick<Measured, 'value' | 'uncertainty'>;

function volumesOf(before: string, after: string, measured: HeadMeasurements): [Value, Value] | string {
  const [one, other] = [new Set(sidesIn(before).map(({ side }) => side)), sidesIn(after)[0]?.side];
  const [first] = one;
  if (one.size === 0 && other === undefined) {
    const [left, right] = [comparable(before).at(-1), comparable(after)[0]];
    const values = [left, right].map((mention) => mention && middleOf(mention.key, measured));
    if (left?.key === right?.key || !values[0] || !values[1])
      return 'it is not clear which measured values are compared';
    return values as [Value, Value];
  }
  const structures = new Set(comparable(before + after).map(({ key }) => key));
  const [structure] = structures;
  const isSided = comparable(before).every(({ sided }) => sided) && structures.size === 1;
  if (one.size !== 1 || other === undefined || other === first || !isSided)
    return 'it is not clear which side of which structure is compared with which';
  const values = measured.structures[structure as SidedStructure];
  return [values[first as Side], values[other]];
}

function brightnessOf(before: string, after: string): [Value, Value] | string {
  const [one, other] = [comparable(before).at(-1)?.key ?? '', comparable(after)[0]?.key ?? ''];
  const [first, second] = [brightness[one], brightness[other]];
  if (first === undefined || second === undefined)
    return 'only the brightness of grey matter, white matter and cerebrospinal fluid is known';
  return [
    { value: first, uncertainty: 0 },
    { value: second, uncertainty: 0 },
  ];
}

function middleOf(key: string, measured: HeadMeasurements): Value | undefined {
  const tissue = tissues[key];
  if (tissue) return measured.tissue[tissue];
  const isMiddle = (midlineStructures as readonly string[]).includes(key);
  return isMiddle ? measured.structures[key as MidlineStructure].middle : undefined;
}

/** Mentions of what has a volume; `the brain` only where it stands alone. */
function comparable(sentence: string): Mention[] {
  const all = mentionsIn(sentence).filter(({ key }) => !factKeys.has(key));
  const others = all.filter(({ key }) => key !== 'brain');
  return others.length > 0 ? others : all;
}
