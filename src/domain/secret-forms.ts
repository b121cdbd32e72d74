/**
 * The forms in which a secret's value may turn up in a message that a library wrote: as it is, percent-encoded,
 * escaped for JSON or a shell, or in Base64. They are regular expressions, for encodings mix: one library encodes
 * the space and leaves the colon, another escapes what the first one made.
 */
export interface SecretForms {
  /** Matches the value in the text itself, and its beginning where the text was cut. */
  written: RegExp;
  /** Match what of a Base64 text the value alone decides; the characters beside it hold the rest of the value. */
  base64: readonly RegExp[];
}

/** A value's beginning counts where the text ends after it, from so many characters and from half of the value on. */
const leastCut = 8;
/** Optional groups are nested so deep at most. */
const mostCut = 100;

export function secretForms(value: string): SecretForms {
  const parts = partsOf(value);
  const patterns = [parts.join('')];
  const least = Math.max(leastCut, Math.ceil(parts.length / 2));
  if (least < parts.length) {
    const optional = parts
      .slice(least, least + mostCut)
      .reduceRight((inner, part) => `(?:${part}${inner})?`, '');
    patterns.push(`${parts.slice(0, least).join('')}${optional}(?=$|["\\n…]|\\\\n|\\.\\.\\.)`);
  }
  const texts = [value, encodeURIComponent(value.toWellFormed())];
  const cores = texts.flatMap((text) => bytesOf(text).flatMap(base64Cores));
  return {
    written: new RegExp(patterns.join('|'), 'g'),
    base64: [...new Set(cores)].map((core) => new RegExp([...core].map(base64Char).join(''), 'g')),
  };
}

/** A pattern for each character; one for a run of backslashes, whose number doubles with each escaping. */
function partsOf(value: string): string[] {
  return (value.match(/\\+|[^\\]/gu) ?? []).map((run) => {
    if (!run.startsWith('\\')) return charPattern(run);
    return `(?:\\\\|%(?:25)*5[cC]|\\\\u005[cC]){${run.length},${run.length * 8}}`;
  });
}

const html: Readonly<Record<string, string>> = {
  '&': 'amp|#38',
  '<': 'lt|#60',
  '>': 'gt|#62',
  '"': 'quot|#34',
  "'": '#39|apos',
};
const short: Readonly<Record<string, string>> = { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't' };

function charPattern(char: string): string {
  const literal = char.replace(/[\^$\\.*+?()[\]{}|/-]/g, '\\$&');
  const forms = [/^[\p{L}\p{N}]$/u.test(char) ? literal : `\\\\{0,7}${literal}`];
  // `%25` is an encoded percent sign: the address was encoded once more.
  forms.push([...new TextEncoder().encode(char)].map((byte) => `%(?:25)*${hexPattern(byte, 2)}`).join(''));
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  forms.push(units.map((unit) => `\\\\{1,8}u${hexPattern(unit, 4)}`).join(''));
  if ((units[0] ?? 0) < 256) forms.push(`\\\\{1,8}x${hexPattern(units[0] ?? 0, 2)}`);
  if (short[char]) forms.push(`\\\\{1,8}${short[char]}`);
  if (html[char]) forms.push(`&(?:${html[char]});`);
  if (char === ' ') forms.push('\\+');
  return `(?:${forms.join('|')})`;
}

function hexPattern(code: number, digits: number): string {
  const hex = code.toString(16).padStart(digits, '0');
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** UTF-8, and Latin-1 as `btoa` takes it, where they differ. */
function bytesOf(text: string): string[] {
  const utf8 = String.fromCharCode(...new TextEncoder().encode(text));
  const isLatin1 = [...text].every((char) => char.charCodeAt(0) < 256 && char.length === 1);
  return isLatin1 && utf8 !== text ? [utf8, text] : [utf8];
}

/**
 * Base64 has six bits a character, so what stands before a value (`user:` in Basic authorization, RFC 7617) moves its
 * bits by none, two or four. For each, the characters that hold bits of the value only.
 */
function base64Cores(bytes: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = btoa('\0'.repeat(before) + bytes);
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** The alphabets of RFC 4648, sections 4 and 5, in an address and in JSON. */
function base64Char(char: string): string {
  if (char === '+') return '(?:\\+|-|%2[bB])';
  if (char === '/') return '(?:\\\\?/|_|%2[fF])';
  return char;
}
