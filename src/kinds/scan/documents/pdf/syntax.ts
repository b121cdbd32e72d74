import { hexValue } from '../byte-sink.ts';
import { latin1 } from '../bytes.ts';
import { PdfDict, PdfName, PdfRef, PdfString, type PdfValue } from './values.ts';

const DEEPEST = 100;
/** Values in one object, those in its arrays and dictionaries counted. */
const MOST = 1_000_000;

/** A word that is no value: `obj`, `endobj`, `stream`, `R`, `]`, `>>`, … */
export class PdfKeyword {
  readonly word: string;
  constructor(word: string) {
    this.word = word;
  }
}

/** Reads values by ISO 32000, 7.2 and 7.3, and forgives what readers forgive. */
export class PdfSyntax {
  readonly bytes: Uint8Array;
  at: number;
  /** It went on deeper or longer than is read. */
  tooMuch = false;
  #left = MOST;
  readonly #owner: string;
  readonly #inFile: boolean;
  readonly #decrypt: ((bytes: string) => string) | null;

  /** @param owner the object's number, so that dictionaries can be told apart */
  constructor(
    bytes: Uint8Array,
    at: number,
    { owner = '', inFile = true, decrypt = null as ((bytes: string) => string) | null } = {},
  ) {
    this.bytes = bytes;
    this.at = at;
    this.#owner = owner;
    this.#inFile = inFile;
    this.#decrypt = decrypt;
  }

  /** The next value, or the next word where none stands; null at the end is a value as well. */
  next(depth = 0): PdfValue | PdfKeyword {
    this.skipBlanks();
    const code = this.bytes[this.at];
    if (depth > DEEPEST || --this.#left < 0) this.tooMuch = true;
    if (code === undefined || this.tooMuch) return new PdfKeyword('');
    if (code === 0x2f) return this.#name();
    if (code === 0x28) return this.#string();
    if (code === 0x3c) return this.bytes[this.at + 1] === 0x3c ? this.#dict(depth) : this.#hexString();
    if (code === 0x5b) return this.#array(depth);
    if (code === 0x3e && this.bytes[this.at + 1] === 0x3e) {
      this.at += 2;
      return new PdfKeyword('>>');
    }
    if (isDelimiter(code)) {
      this.at++;
      return new PdfKeyword(String.fromCharCode(code));
    }
    return this.#word();
  }

  /** The next value; a word that is none counts as null. */
  value(): PdfValue {
    const found = this.next();
    return found instanceof PdfKeyword ? null : found;
  }

  skipBlanks(): void {
    for (let code = this.bytes[this.at]; code !== undefined; code = this.bytes[this.at]) {
      if (isBlank(code)) this.at++;
      else if (code === 0x25) this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    while (this.at < this.bytes.length && !isLineEnd(this.bytes[this.at] as number)) this.at++;
  }

  #regular(): string {
    const from = this.at;
    for (let code = this.bytes[this.at]; code !== undefined; code = this.bytes[this.at]) {
      if (isBlank(code) || isDelimiter(code)) break;
      this.at++;
    }
    return latin1(this.bytes.subarray(from, this.at));
  }

  #name(): PdfName {
    this.at++;
    const raw = this.#regular();
    if (!raw.includes('#')) return new PdfName(raw);
    return new PdfName(
      raw.replaceAll(/#([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  }

  #word(): PdfValue | PdfKeyword {
    const word = this.#regular();
    if (/^[+-]*\d*\.?\d*(?:-\d*)?$/.test(word) && /\d/.test(word)) return this.#numberOrRef(word);
    if (word === 'true' || word === 'false') return word === 'true';
    return word === 'null' ? null : new PdfKeyword(word);
  }

  #numberOrRef(word: string): number | PdfRef {
    const value = Number.parseFloat(word.replace(/^[+-]*(?=[+-])/, '')) || 0;
    if (!/^\d{1,10}$/.test(word)) return value;
    const after = this.at;
    this.skipBlanks();
    const generation = this.#regular();
    if (/^\d{1,5}$/.test(generation)) {
      this.skipBlanks();
      if (this.#regular() === 'R') return new PdfRef(value, Number(generation));
    }
    this.at = after;
    return value;
  }

  #array(depth: number): PdfValue[] {
    this.at++;
    const found: PdfValue[] = [];
    while (this.at < this.bytes.length) {
      const value = this.next(depth + 1);
      if (!(value instanceof PdfKeyword)) found.push(value);
      else if (value.word === ']' || endsObject(value.word)) break;
    }
    return found;
  }

  #dict(depth: number): PdfDict {
    const dict = new PdfDict(`${this.#owner}@${this.at}`, this.#inFile ? this.at : undefined);
    this.at += 2;
    while (this.at < this.bytes.length) {
      const key = this.next(depth + 1);
      if (key instanceof PdfKeyword && (key.word === '>>' || endsObject(key.word))) break;
      if (!(key instanceof PdfName)) continue;
      const value = this.next(depth + 1);
      if (value instanceof PdfKeyword) {
        dict.map.set(key.name, null);
        if (value.word === '>>' || endsObject(value.word)) break;
      } else dict.map.set(key.name, value);
    }
    return dict;
  }

  #string(): PdfString {
    const parts: string[] = [];
    let from = ++this.at;
    const flush = (to: number) => parts.push(latin1(this.bytes.subarray(from, to)));
    for (let open = 1; this.at < this.bytes.length; ) {
      const code = this.bytes[this.at++] as number;
      if (code === 0x28) open++;
      else if (code === 0x29 && --open === 0) {
        flush(this.at - 1);
        return this.#made(parts.join(''));
      } else if (code === 0x5c) {
        flush(this.at - 1);
        parts.push(this.#escape());
        from = this.at;
      }
    }
    flush(this.at);
    return this.#made(parts.join(''));
  }

  #escape(): string {
    const code = this.bytes[this.at++] ?? 0;
    const letter = String.fromCharCode(code);
    const known: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' };
    if (letter === '\r') {
      if (this.bytes[this.at] === 0x0a) this.at++;
      return '';
    }
    if (!/[0-7]/.test(letter)) return known[letter] ?? letter;
    let value = code - 0x30;
    for (let digits = 1; digits < 3 && isOctal(this.bytes[this.at]); digits++) {
      value = value * 8 + (this.bytes[this.at++] as number) - 0x30;
    }
    return String.fromCharCode(value & 0xff);
  }

  #hexString(): PdfString {
    const from = ++this.at;
    while (this.at < this.bytes.length && this.bytes[this.at] !== 0x3e) this.at++;
    const digits = this.bytes.subarray(from, this.at++).filter((code) => hexValue(code) >= 0);
    const text = latin1(digits);
    return this.#made(Buffer.from(text.length % 2 ? `${text}0` : text, 'hex').toString('latin1'));
  }

  #made(bytes: string): PdfString {
    return new PdfString(this.#decrypt ? this.#decrypt(bytes) : bytes);
  }
}

/** Words that no array or dictionary goes beyond. */
function endsObject(word: string): boolean {
  return word === '' || word === 'endobj' || word === 'obj' || word === 'stream' || word === 'endstream';
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x0c || code === 0;
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

function isDelimiter(code: number): boolean {
  return '()<>[]{}/%'.includes(String.fromCharCode(code));
}

function isOctal(code: number | undefined): boolean {
  return code !== undefined && code >= 0x30 && code <= 0x37;
}
