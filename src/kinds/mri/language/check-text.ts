import type { HeadMeasurements } from '../analysis/measured.ts';
import { factKeys, mentionsIn, sidesIn, wrongComparison } from './comparisons.ts';
import { forbiddenWords } from './forbidden-words.ts';
import { findNumbers } from './number-words.ts';
import { type Catalogue, type Placeholder, placeholderPattern } from './placeholders.ts';
import { quantityOf } from './quantities.ts';

/** A passage that a text may cite. */
export interface Citable {
  /** `k12` */
  cite: string;
  title: string;
  text: string;
}

export interface CheckedAgainst {
  measured: HeadMeasurements;
  catalogue: Catalogue;
  /** What every sentence must cite; null for a description, which cites nothing. */
  passages: readonly Citable[] | null;
}

const mostCharacters = 6000;
/** Told back to a model at most. */
const mostProblems = 20;

const citationPattern = /\[(k[0-9]{1,9})\]/g;
/** With the full stop before or after its citations. */
const atTheEnd = /(?:\s*\[k[0-9]{1,9}\])+\s*\.?\s*$|\.\s*(?:\[k[0-9]{1,9}\]\s*)+$/;

/** A description is of a picture of a head, and says so in every sentence. */
const ofPictures =
  /\b(?:brain|head|hemispheres?|ventricles?|cort(?:ex|ical)|matter|cerebell\w*|cerebr\w*|tissue|slices?|images?|picture|planes?|axial|coronal|sagittal|contrast|signal|intensit\w*|bright\w*|dark\w*|mask\w*|sulc\w*|gyr\w*|lobes?|fluid|skull|stem|thalam\w*|hippocamp\w*|midline|voxels?|view|resolution|noise|artefacts?|artifacts?|motion|blurr\w*)\b/i;

/**
 * What is wrong with a model's text, in sentences that it can be told; none when it may be used. Nothing is put right
 * here: what does not pass is written again, or not used.
 */
export function problemsOf(text: string, against: CheckedAgainst): string[] {
  const plain = normalised(text);
  if (plain.length === 0) return ['The text is empty.'];
  if (plain.length > mostCharacters) return ['The text is too long; a few paragraphs are enough.'];
  const own = plain.replace(placeholderPattern, ' ').replace(citationPattern, ' ');
  const problems = [
    ...findNumbers(own).map((word) =>
      /^[A-Za-z ]+$/.test(word)
        ? `"${word}" is a number, or spells one; use a placeholder, or leave it out.`
        : `The character ${JSON.stringify(word.slice(0, 8))} may not be used; write plain sentences of letters.`,
    ),
    ...forbiddenWords(own).map(({ word, reason }) => `"${word.slice(0, 40)}" ${reason}; leave it out.`),
    ...sentencesOf(plain).flatMap((sentence) =>
      problemsOfSentence(sentence, against).map((problem) => `In "${shortened(sentence)}": ${problem}.`),
    ),
  ];
  return [...new Set(problems)].slice(0, mostProblems);
}

/** As it is checked and used: typographic spaces become spaces. */
export function normalised(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u00a0\u202f]/g, ' ')
    .trim();
}

/** Sentences end with full stops, which nothing else may have; citations after one belong to it. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .flatMap((line) => line.match(/[^.]+(?:\.(?:\s*\[k[0-9]{1,9}\])*)?/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

function problemsOfSentence(sentence: string, { measured, catalogue, passages }: CheckedAgainst): string[] {
  const problems: string[] = [];
  const placeholders = [...sentence.matchAll(placeholderPattern)];
  for (const { 0: written, 1: name = '', index } of placeholders) {
    const found = catalogue.get(name);
    if (!found) problems.push(`there is no placeholder ${written.slice(0, 60)}`);
    else problems.push(...misplaced(sentence, found, index, written.length));
  }
  problems.push(...wrongCitations(sentence, passages));
  const words = sentence.replace(placeholderPattern, ' ').replace(citationPattern, ' ');
  if (!/[A-Za-z]{2}/.test(words)) problems.push('it says nothing');
  const sides = sidesIn(words);
  if (sides.length > 0 && measured.facts.sides !== 'known')
    problems.push('which side is which is not known for this image');
  // Not a comparison itself, and told with its own problem.
  else {
    const wrong = wrongComparison(words, measured);
    if (wrong) problems.push(wrong);
  }
  if (passages === null && !ofPictures.test(words)) problems.push('it is not about the image');
  return problems;
}

const before = /(?:^|[\s(“"])$/;
const after = /^(?:$|[\s,.;:)”"])/;
/** Words beside a value that make another one of it. */
const modifiers =
  /\b(?:nearly|almost|approximately|roughly|about|around|circa|over|under|above|below|beyond|up to|least|most|exactly|exceed\w*|than|per|every|average|mean|median|within|only|just|close to|near)\W{1,3}(?:\w+\W{1,3})?$/i;

/** Whether a placeholder stands where its value belongs: with its own quantity, on its own side. */
function misplaced(sentence: string, placeholder: Placeholder, at: number, length: number): string[] {
  const { name, quantity, side } = placeholder;
  const [left, right] = [sentence.slice(0, at), sentence.slice(at + length)];
  const problems: string[] = [];
  if (!before.test(left) || !after.test(right)) problems.push(`{{m:${name}}} does not stand by itself`);
  const modifier = modifiers.exec(left.replace(placeholderPattern, '.'))?.[0];
  if (modifier) problems.push(`"${modifier.trim()}" makes another value of {{m:${name}}}`);
  const bare = (text: string) => text.replace(placeholderPattern, (found) => ' '.repeat(found.length));
  const isFact = factKeys.has(quantity);
  const mentions = mentionsIn(`${bare(left)}${' '.repeat(length)}${bare(right)}`).filter(
    ({ key }) => (key !== 'brain' || quantity === 'brain') && (isFact || !factKeys.has(key)),
  );
  const nearest =
    mentions.findLast((mention) => mention.at < at) ?? mentions.find((mention) => mention.at > at);
  if (nearest?.key !== quantity)
    problems.push(`{{m:${name}}} is not beside the words "${quantityOf(quantity).name}", whose value it is`);
  if (name.endsWith('_asymmetry_pct') && !/\basymmetry\b/i.test(sentence))
    problems.push(`{{m:${name}}} is an asymmetry, and is not called so`);
  if (side !== null && sideBeside(bare(left), bare(right)) !== side)
    problems.push(`{{m:${name}}} is the value of the ${side} side, and is not called so`);
  return problems;
}

function sideBeside(left: string, right: string): string | undefined {
  const follows = /^\s*\(?\s*(?:on|at) the (left|right)\b|^\s*\((left|right)\b/i.exec(right);
  if (follows) return (follows[1] ?? follows[2])?.toLowerCase();
  return (sidesIn(left).at(-1) ?? sidesIn(right)[0])?.side;
}

function wrongCitations(sentence: string, passages: readonly Citable[] | null): string[] {
  const cited = [...sentence.matchAll(citationPattern)].map(([, cite]) => cite as string);
  if (passages === null) return cited.length > 0 ? ['a description cites nothing'] : [];
  if (cited.length === 0) return ['it cites no passage'];
  const found = passages.filter(({ cite }) => cited.includes(cite));
  const strange = cited.filter((cite) => !passages.some((passage) => passage.cite === cite));
  if (strange.length > 0) return [`[${strange[0]}] is none of the passages`];
  if (!atTheEnd.test(sentence) || /\[k[0-9]+\]/.test(sentence.replace(atTheEnd, '')))
    return ['citations stand at the end of a sentence'];
  return isAbout(sentence, found) ? [] : [`it says nothing that ${cited.join(', ')} is about`];
}

/** Whether a sentence has enough words of the passages that it cites; half of its own, and two at least. */
function isAbout(sentence: string, passages: readonly Citable[]): boolean {
  const said = stemsOf(sentence.replace(placeholderPattern, ' ').replace(citationPattern, ' '));
  const known = stemsOf(passages.map(({ title, text }) => `${title} ${text}`).join(' '));
  const shared = [...said].filter((stem) => known.has(stem)).length;
  return shared >= Math.min(2, said.size) && shared >= said.size / 3;
}

const empty = new Set(
  'this that these those with from have been were which their there they here also into what when where both each'.split(
    ' ',
  ),
);

function stemsOf(text: string): Set<string> {
  const words =
    text
      .toLowerCase()
      .replaceAll('gray', 'grey')
      .match(/[a-z]{4,}/g) ?? [];
  return new Set(words.filter((word) => !empty.has(word)).map((word) => word.slice(0, 5)));
}

function shortened(sentence: string): string {
  return sentence.length > 60 ? `${sentence.slice(0, 60)}…` : sentence;
}
