import { HexSink, hexValue } from './byte-sink.ts';
import { latin1 } from './bytes.ts';

export interface RtfObject {
  offset: number;
  /** Control words of the object that say when it is loaded: `objupdate`, `objautlink`, … */
  words: Set<string>;
  className: RtfText;
  /** What `\objdata` holds without the groups that a reader may skip. */
  data: HexSink;
  /** The same with those groups, where there are any. */
  withGroups: HexSink | null;
  /** Some of it is not in digits but in `\bin`. */
  binary: boolean;
}

export interface RtfText {
  offset: number;
  text: string;
}

export interface RtfDocument {
  objects: RtfObject[];
  templates: RtfText[];
  fields: RtfText[];
  /** Groups were still open at the end. */
  cutOff: boolean;
}

interface Group {
  text: RtfText | null;
  object: RtfObject | null;
  /** Within `\objdata` of `object`. */
  inData: boolean;
  /** Within a group in `\objdata` that names a destination of its own. */
  foreign: boolean;
  /** `\*` was read, and the next word is a destination that may be skipped. */
  skippable: boolean;
  /** Characters that follow `\u` for readers without Unicode. */
  fallback: number;
}

const DEEPEST = 1000;
const MOST = 1000;
const LONGEST_TEXT = 8192;
const objectWords = new Set([
  'objemb',
  'objlink',
  'objautlink',
  'objupdate',
  'objsub',
  'objpub',
  'objhtml',
  'objocx',
]);

/** Reads an RTF's objects, templates and fields, as a reader does: by groups and control words, not by patterns. */
export function readRtf(bytes: Uint8Array): RtfDocument {
  return new Reader(bytes).document;
}

class Reader {
  readonly document: RtfDocument = { objects: [], templates: [], fields: [], cutOff: false };
  readonly #bytes: Uint8Array;
  readonly #open: Group[] = [];
  #group: Group = {
    text: null,
    object: null,
    inData: false,
    foreign: false,
    skippable: false,
    fallback: 1,
  };
  #tooDeep = 0;
  #at = 0;
  #skip = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    while (this.#at < bytes.length) this.#step(bytes[this.#at++] as number);
    this.document.cutOff = this.#open.length > 0;
  }

  #step(code: number): void {
    if (code === 0x7b) this.#enter();
    else if (code === 0x7d) this.#leave();
    else if (code === 0x5c) this.#control();
    else if (code !== 0x0d && code !== 0x0a) this.#character(code);
  }

  #enter(): void {
    if (this.#open.length >= DEEPEST) this.#tooDeep++;
    else {
      this.#open.push(this.#group);
      this.#group = { ...this.#group, skippable: false };
    }
  }

  #leave(): void {
    if (this.#tooDeep > 0) this.#tooDeep--;
    else this.#group = this.#open.pop() ?? this.#group;
  }

  #character(code: number): void {
    const { inData, foreign, object, text } = this.#group;
    if (inData && object) {
      if (!foreign) object.data.digit(code);
      object.withGroups?.digit(code);
    } else if (this.#skip > 0) this.#skip--;
    else this.#write(text, String.fromCharCode(code));
  }

  #write(text: RtfText | null, more: string): void {
    if (text && text.text.length < LONGEST_TEXT) text.text += more;
  }

  #control(): void {
    const begin = this.#at - 1;
    const code = this.#bytes[this.#at] ?? 0;
    if (!isLetter(code)) {
      this.#at++;
      this.#symbol(code);
      return;
    }
    const from = this.#at;
    while (isLetter(this.#bytes[this.#at] ?? 0) && this.#at - from < 64) this.#at++;
    const word = latin1(this.#bytes.subarray(from, this.#at)).toLowerCase();
    const value = this.#number();
    if (this.#bytes[this.#at] === 0x20) this.#at++;
    this.#word(word, value, begin);
    this.#group.skippable = false;
  }

  #symbol(code: number): void {
    if (code === 0x2a) this.#group.skippable = true;
    else if (code === 0x27) {
      const value = hexValue(this.#bytes[this.#at] ?? 0) * 16 + hexValue(this.#bytes[this.#at + 1] ?? 0);
      this.#at += 2;
      if (this.#group.inData || value < 0) return;
      if (this.#skip > 0) this.#skip--;
      else this.#write(this.#group.text, String.fromCharCode(value));
    } else if (!isBreak(code)) this.#write(this.#group.text, String.fromCharCode(code));
  }

  #number(): number | null {
    const from = this.#at;
    if (this.#bytes[this.#at] === 0x2d) this.#at++;
    while (isDigit(this.#bytes[this.#at] ?? 0) && this.#at - from < 12) this.#at++;
    return this.#at > from ? Number(latin1(this.#bytes.subarray(from, this.#at))) || 0 : null;
  }

  #word(word: string, value: number | null, offset: number): void {
    const group = this.#group;
    if (word === 'bin') this.#binary(value ?? 0);
    else if (word === 'u') {
      this.#write(group.text, String.fromCharCode((value ?? 0) & 0xffff));
      this.#skip = group.inData ? 0 : group.fallback;
    } else if (word === 'uc') group.fallback = Math.min(16, Math.max(0, value ?? 1));
    else if (word === 'object') this.#beginObject(offset);
    else if (word === 'objdata') this.#beginData(offset);
    else if (word === 'objclass' && group.object) group.text = group.object.className;
    else if (word === 'template') group.text = this.#keep(this.document.templates, offset);
    else if (word === 'fldinst') group.text = this.#keep(this.document.fields, offset);
    else if (objectWords.has(word)) group.object?.words.add(word);
    else if (group.skippable) this.#beginForeign();
  }

  #keep(list: RtfText[], offset: number): RtfText {
    const kept = { offset, text: '' };
    if (list.length < MOST) list.push(kept);
    return kept;
  }

  #beginObject(offset: number): RtfObject {
    const object: RtfObject = {
      offset,
      words: new Set(),
      className: { offset, text: '' },
      data: new HexSink(),
      withGroups: null,
      binary: false,
    };
    if (this.document.objects.length < MOST) this.document.objects.push(object);
    Object.assign(this.#group, { object, inData: false, foreign: false, text: null });
    return object;
  }

  #beginData(offset: number): void {
    const { object, inData } = this.#group;
    // Data without an object, or within another's data, is read by Word all the same.
    const own = object && !inData && object.data.length === 0 ? object : this.#beginObject(offset);
    Object.assign(this.#group, { object: own, inData: true, foreign: false, text: null });
  }

  #beginForeign(): void {
    const { inData, object } = this.#group;
    this.#group.text = null;
    if (!inData || !object) return;
    object.withGroups ??= object.data.copy();
    this.#group.foreign = true;
  }

  #binary(length: number): void {
    const end = Math.min(this.#bytes.length, this.#at + Math.max(0, length));
    const { inData, foreign, object } = this.#group;
    if (inData && object) {
      const content = this.#bytes.subarray(this.#at, end);
      if (!foreign) object.data.append(content);
      object.withGroups?.append(content);
      object.binary = true;
    }
    this.#at = end;
  }
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isBreak(code: number): boolean {
  return code === 0x0d || code === 0x0a;
}
