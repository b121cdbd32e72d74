import { closingQuote } from './closing-quote.ts';
import { secretItem, secretNames } from './secret-names.ts';
import type { Span } from './spans.ts';

/** A quotation mark, however often it is escaped. */
const mark = String.raw`\\{0,7}["'\`]`;
const comma = String.raw`\s{0,4},\s{0,20}`;
/** What a field is called whose value is the name of another. */
const label = String.raw`\b(?:name|key|header|field|parameter)(?:${mark})?\s{0,4}[:=]\s{0,4}${mark}[\w-]{0,40}(?:${secretNames})${mark}`;
const content = String.raw`\b(?:value|val|content)(?:${mark})?\s{0,4}[:=]\s{0,4}`;

/** `{ name: "password", value: "…" }`, and `Cookie` with what follows it in a list such as Node's `rawHeaders`. */
const nameFirst = new RegExp(
  String.raw`(?:${label}\s{0,4},[^{}]{0,100}?${content}|${mark}(?:${secretItem})${mark}${comma})(${mark})`,
  'gi',
);
const valueFirst = new RegExp(`${content}(${mark})`, 'gi');
const nameAfterIt = new RegExp(`${mark}${comma}(?:${mark})?${label}`, 'iy');

/** The secrets of a text whose names are values themselves. */
export function* pairedSecretsIn(text: string): Generator<Span> {
  for (const [at, end] of quotedAfter(nameFirst, text)) if (end > at) yield [at, end];
  for (const [at, end] of quotedAfter(valueFirst, text)) {
    nameAfterIt.lastIndex = end;
    if (end > at && nameAfterIt.test(text)) yield [at, end];
  }
}

/** What stands in the quotation marks that the pattern ends with. */
function* quotedAfter(pattern: RegExp, text: string): Generator<Span> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const at = pattern.lastIndex;
    yield [at, closingQuote(text, at, match[1] as string)];
    pattern.lastIndex = at;
  }
}
