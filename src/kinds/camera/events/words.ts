import { InvalidRequest } from '../../../domain/errors.ts';
import type { CameraEvent } from './event.ts';

/** A longer word is found by its beginning: PostgreSQL keeps no word of more than 2,046 bytes. */
const longest = 100;
const mostAsked = 50;
/** Of the longest, four bytes a letter, they are 800 kB. Beyond 1 MB `array_to_tsvector` spoils its own, without an error. */
const mostKept = 2000;

/**
 * Letters, digits and marks that stand together. Scripts that put no blanks between words, and pictographs, are taken
 * character by character.
 */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}\p{Co}])+|\p{Extended_Pictographic}/gu;

/**
 * The words of a text, each once, as both engines store and look for them: letters are equal whatever their case and
 * form, and nothing is stemmed.
 */
export function wordsOf(text: string): string[] {
  // By way of upper case: "straße" and "STRASSE" are one word.
  const folded = text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  return [...new Set(Array.from(folded.matchAll(word), ([found]) => shortened(found)))];
}

const shortened = (found: string) =>
  found.length <= longest ? found : [...found].slice(0, longest).join('');

/** What an event is found by: as many words as PostgreSQL has room for, whatever they are. */
export function wordsOfEvent(
  event: Pick<CameraEvent, 'camera_id' | 'llm_description' | 'detected_objects' | 'zones'>,
): string[] {
  const texts = [event.camera_id, ...event.zones, ...labelsOf(event), event.llm_description ?? ''];
  return wordsOf(texts.join('\n')).slice(0, mostKept);
}

/** @throws InvalidRequest where there is no word in it, or too many */
export function wordsAsked(q: string): string[] {
  const words = wordsOf(q);
  if (words.length === 0)
    throw new InvalidRequest('`q` has no word to look for: give letters or digits, or leave it out.', 'q');
  if (words.length > mostAsked)
    throw new InvalidRequest(`\`q\` has ${words.length} words; at most ${mostAsked} are looked for.`, 'q');
  return words;
}

/** Each label once, in the order in which they were seen. */
export const labelsOf = ({ detected_objects }: Pick<CameraEvent, 'detected_objects'>) => [
  ...new Set(detected_objects.map(({ label }) => label)),
];
