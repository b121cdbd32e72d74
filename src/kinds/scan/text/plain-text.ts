import { utf16 } from '../documents/bytes.ts';

/**
 * Undoes what scripts do to hide words: strings in pieces, characters by number, escapes, carets, reversals. Patterns
 * are then looked for in what comes out as well. Nothing is executed: every step is a replacement of text by text.
 */

/** Of more text than this, the beginning and the end are looked behind. */
const MAX_TEXT = 2 * 1024 * 1024;
/** One way of hiding often wraps another. */
const ROUNDS = 3;
const MAX_DECODED = 256 * 1024;

type Step = (text: string) => string;

const quoted = (text: string) => `"${text.replaceAll(/["\r\n]/g, ' ')}"`;

const character = (code: number) => (code > 0 && code < 0x10000 ? String.fromCharCode(code) : ' ');

/** `0x57`, `&H57`, `87`, `90-3`, `80+7`. */
function numberOf(text: string): number {
  const one = (part: string) => Number(part.trim().replace(/^&H/i, '0x').replace(/&$/, ''));
  const sum = /^\s*([\w&]+)\s*([-+^])\s*([\w&]+)\s*$/.exec(text);
  if (!sum) return one(text);
  const [left, right] = [one(sum[1] as string), one(sum[3] as string)];
  return sum[2] === '-' ? left - right : sum[2] === '+' ? left + right : left ^ right;
}

const escapes: Step = (text) =>
  text
    .replaceAll(/\\x([\da-f]{2})|\\u([\da-f]{4})|\\u\{([\da-f]{1,5})\}|%u([\da-f]{4})/gi, (_, a, b, c, d) =>
      character(Number.parseInt(a ?? b ?? c ?? d, 16)),
    )
    // Percent signs name variables in batch files: only what is a run of escapes is one.
    .replaceAll(/(?:%[\da-f]{2}){4,}/gi, (run) =>
      run.replaceAll(/%(..)/g, (_, code) => character(Number.parseInt(code, 16))),
    )
    .replaceAll(/&#x([\da-f]{2,5});?|&#(\d{2,6});?/gi, (_, a, b) =>
      character(a ? Number.parseInt(a, 16) : Number(b)),
    )
    .replaceAll(/&colon;/gi, ':')
    .replaceAll(/&(?:Tab|NewLine);/g, '')
    .replaceAll(/&quot;/gi, '"')
    .replaceAll(/&(?:apos|#39);/gi, "'")
    .replaceAll(/&amp;/gi, '&');

const characterCodes: Step = (text) =>
  text
    .replaceAll(/\bString\s*\.\s*fromCharCode\s*\(([\s\dxa-f,+^-]{1,20000})\)/gi, (_, list: string) =>
      quoted(
        list
          .split(',')
          .map((part) => character(numberOf(part)))
          .join(''),
      ),
    )
    .replaceAll(
      /\bChr[WB]?\$?\s*\(\s*((?:&H)?[\da-f]+\s*(?:[-+]\s*(?:&H)?[\da-f]+)?)\s*\)/gi,
      (_, code: string) => quoted(character(numberOf(code))),
    )
    .replaceAll(/\[char\]\s*\(?\s*(0x[\da-f]{1,4}|\d{1,5})\s*\)?/gi, (_, code: string) =>
      quoted(character(Number(code))),
    )
    // A list of numbers, each of a letter: for `fromCharCode` in a loop, `[char[]]`, or `Array(…)`.
    .replaceAll(/(?:\b\d{2,3}\s*,\s*){7,4000}\d{2,3}\b/g, (list) => {
      const codes = list.split(',').map(Number);
      const isText = codes.every((code) => (code >= 32 && code < 127) || code === 10 || code === 13);
      return isText ? quoted(String.fromCharCode(...codes.slice(0, 8192))) : list;
    });

const joined: Step = (text) => text.replaceAll(/(?<!\\)["']\s*(?:[+&]|&\s*_\s*\r?\n)\s*["']/g, '');

const reversed: Step = (text) =>
  text
    .replaceAll(/\bStrReverse\s*\(\s*"([^"\r\n]{2,4000})"\s*\)/gi, (_, word: string) => quoted(turned(word)))
    .replaceAll(
      /(["'])([^"'\r\n]{2,4000})\1\s*\.\s*split\s*\(\s*(?:""|'')\s*\)\s*\.\s*reverse\s*\(\s*\)\s*\.\s*join\s*\(\s*(?:""|'')\s*\)/g,
      (_, __, word: string) => quoted(turned(word)),
    );

const turned = (word: string) => [...word].reverse().join('');

const replaced: Step = (text) =>
  text
    .replaceAll(
      /\bReplace\s*\(\s*"([^"\r\n]{1,8000})"\s*,\s*"([^"\r\n]{1,40})"\s*,\s*"([^"\r\n]{0,40})"\s*\)/gi,
      (_, whole: string, what: string, by: string) => quoted(whole.replaceAll(what, () => by)),
    )
    .replaceAll(
      /(["'])([^"'\r\n]{1,8000})\1\s*\)?\s*\.\s*replace\s*\(\s*(?:\/([^/\\[\](){}.*+?^$|\r\n]{1,40})\/g?i?|["']([^"'\r\n]{1,40})["'])\s*,\s*["']([^"'\r\n]{0,40})["']\s*\)/gi,
      (_, __, whole: string, pattern: string | undefined, what: string | undefined, by: string) =>
        quoted(whole.replaceAll(pattern ?? what ?? '\0', () => by)),
    )
    .replaceAll(
      /\(?(["'])((?:\{\d{1,2}\}){2,60})\1\s*-f\s*((?:["'][^"'\r\n]{0,200}["']\s*,\s*){1,60}["'][^"'\r\n]{0,200}["'])\)?/gi,
      (_, __, form: string, list: string) => {
        const pieces = [...list.matchAll(/["']([^"'\r\n]*)["']/g)].map(([, piece]) => piece as string);
        return quoted(form.replaceAll(/\{(\d+)\}/g, (_all, index) => pieces[Number(index)] ?? ''));
      },
    );

/** Carets and backticks between letters, which their shells drop; and empty quotes within a word. */
const marks: Step = (text) =>
  text
    // Lines that go on in the next one.
    .replaceAll(/[\^`]\r?\n[ \t]{0,100}/g, '')
    .replaceAll(/(?<=[\w./:-])[\^`](?=[\w./:-])/g, '')
    .replaceAll(/(?<=[a-z])(?:""|'')(?=[a-z])/gi, '');

/** `set a=po` and `%a%werShell`; also one letter of a variable, of those that are set here. */
const batchVariables: Step = (text) => {
  const values = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^[ \t@]*set\s+"?([\w$#@-]{1,60})=([^\r\n"&|]{1,400})/gim)) {
    if (values.size < 500) values.set((name as string).toLowerCase(), value as string);
  }
  if (values.size === 0) return text;
  return text.replaceAll(
    /%([\w$#@-]{1,60})(?::~(-?\d+)(?:,(-?\d+))?)?%/g,
    (all, name: string, from, length) => {
      const value = values.get(name.toLowerCase());
      if (value === undefined) return all;
      if (from === undefined) return value;
      const start = Number(from) < 0 ? value.length + Number(from) : Number(from);
      const end =
        length === undefined
          ? value.length
          : Number(length) < 0
            ? value.length + Number(length)
            : start + Number(length);
      return value.slice(Math.max(0, start), Math.max(0, end));
    },
  );
};

/** Base64 that holds text, as `-EncodedCommand` and `atob` take it; what holds bytes is for the unpackers. */
function decodedParts(text: string): string {
  let decoded = '';
  for (const [run] of text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)) {
    if (decoded.length > MAX_DECODED) break;
    if (run.length > 400_000 || run.length % 4 === 1) continue;
    const bytes = Buffer.from(run, 'base64');
    const wide = bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0;
    const part = wide ? utf16(bytes) : bytes.toString('latin1');
    if (isReadable(part)) decoded += `\n${part}`;
  }
  return decoded;
}

function isReadable(part: string): boolean {
  const start = part.slice(0, 400);
  const odd = start.replaceAll(/[\t\r\n\x20-\x7e]/g, '').length;
  return odd <= start.length * 0.03;
}

/** @returns `text` with its hidden words readable, and what its base64 says appended */
export function plainText(text: string): string {
  // What pads a script to hide it from readers with a limit stands between its two ends.
  let plain = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT / 2)}\n${text.slice(-MAX_TEXT / 2)}` : text;
  for (let round = 0; round < ROUNDS; round++) {
    const before = plain;
    for (const step of [escapes, characterCodes, marks, reversed, joined, replaced, batchVariables]) {
      plain = step(plain);
      // Replacements of variables by variables could double the text again and again.
      if (plain.length > 2 * MAX_TEXT) return before;
    }
    const parts = decodedParts(plain.slice(round === 0 ? 0 : before.length));
    if (plain === before && parts === '') break;
    plain += parts;
  }
  return plain;
}
