import type { Span } from './spans.ts';

/** A text as a reader sees it who has decoded it so and so often. */
export interface Reading {
  text: string;
  /** Where in the text as it was given a part of this reading stands. */
  placeOf(span: Span): Span;
}

/** What is encoded more often than this is not looked into. */
const mostRounds = 8;

/** Percent encoding (RFC 3986), the escapes of JSON and of what Node prints, and the entities of XML. */
const encoded =
  /%[0-7][0-9a-f]|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'`\\/bfnrt])|&(?:amp|quot|apos|lt|gt|#3[49]|#x2[27]);/gi;

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  '#34': '"',
  '#39': "'",
  '#x22': '"',
  '#x27': "'",
};

/**
 * The text as it is, and decoded once, twice, … until nothing changes any more. Each is made in one pass over the one
 * before, and is shorter than it.
 */
export function* decodedReadings(text: string): Generator<Reading> {
  yield { text, placeOf: (span) => span };
  let reading = text;
  let places: Uint32Array | undefined;
  for (let round = 0; round < mostRounds; round++) {
    const pieces: string[] = [];
    const next = new Uint32Array(reading.length + 1);
    const before = places;
    const placeOf = (at: number) => (before ? (before[at] as number) : at);
    let length = 0;
    let at = 0;
    const copy = (to: number) => {
      pieces.push(reading.slice(at, to));
      for (; at < to; at++) next[length++] = placeOf(at);
    };
    for (const { 0: whole, index } of reading.matchAll(encoded)) {
      copy(index);
      pieces.push(decoded(whole));
      next[length++] = placeOf(index);
      at = index + whole.length;
    }
    if (at === 0) return;
    copy(reading.length);
    next[length] = placeOf(reading.length);
    reading = pieces.join('');
    places = next;
    yield { text: reading, placeOf: ([start, end]) => [next[start] as number, next[end] as number] };
  }
}

/** One character for one escape, so that places are easily kept; half of a surrogate pair is one, too. */
function decoded(whole: string): string {
  if (whole.startsWith('%')) return String.fromCharCode(Number.parseInt(whole.slice(1), 16));
  if (whole.startsWith('&')) return entities[whole.slice(1, -1).toLowerCase()] as string;
  if (/^\\[ux]./i.test(whole)) return String.fromCharCode(Number.parseInt(whole.slice(2), 16));
  const sign = whole.slice(1);
  return escapes[sign.toLowerCase()] ?? sign;
}
