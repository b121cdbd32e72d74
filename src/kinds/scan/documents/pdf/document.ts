import { bufferOf, latin1 } from '../bytes.ts';
import { PdfCrypt } from './crypt.ts';
import { decodeStream } from './filters.ts';
import { ObjectStreams } from './object-streams.ts';
import { rebuildXref } from './rebuild.ts';
import { PdfKeyword, PdfSyntax } from './syntax.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfValue } from './values.ts';
import { readXref, type Xref } from './xref.ts';

const LONGEST_CHAIN = 32;
const MOST_PROBLEMS = 20;
/** Objects in memory; the others are read again when they are needed again. */
const MOST_KEPT = 20_000;

/** The objects of a PDF, as a reader resolves them: by its tables, through object streams, encryption and damage. */
export class PdfDocument {
  readonly root: PdfDict | null;
  /** It is encrypted, and an empty password doesn't open it. */
  readonly locked: boolean = false;
  readonly encrypted: boolean = false;
  /** The password that opened it, of those that were tried. */
  readonly password: string | undefined;
  readonly #bytes: Uint8Array;
  readonly #base: number;
  #xref: Xref;
  #crypt: PdfCrypt | null = null;
  readonly #objects = new Map<number, PdfValue>();
  readonly #open = new Set<number>();
  readonly #containers = new ObjectStreams(this, (problem) => this.#tell(problem));
  readonly #problems = new Set<string>();
  #rebuilt = false;

  constructor(bytes: Uint8Array, passwords: readonly string[] = []) {
    this.#bytes = bytes;
    this.#base = Math.max(0, bufferOf(bytes.subarray(0, 1024)).indexOf('%PDF-'));
    this.#xref = readXref(bytes, this.#base, (offset) => this.#readStreamAt(offset));
    if (this.#xref.damaged || !this.#hasRoot() || !this.#pointsToObjects()) this.#rebuild();
    const encrypt = this.resolve(this.#trailer('Encrypt'));
    if (encrypt instanceof PdfDict) {
      this.encrypted = true;
      const dict = this.#flat(encrypt);
      // Most encrypted files only forbid printing, and open without a password.
      for (const password of ['', ...passwords]) {
        this.#crypt = PdfCrypt.open(dict, this.#identifier(), password);
        if (this.#crypt && password) this.password = password;
        if (this.#crypt) break;
      }
      this.locked = this.#crypt === null;
      // What was read until now, was read as it stands.
      this.#objects.clear();
      this.#containers.clear();
    }
    const root = this.resolve(this.#trailer('Root'));
    this.root = root instanceof PdfDict ? root : this.#catalogByType();
    if (!this.root) this.#tell('The catalog, the root of all objects, is missing.');
  }

  /** What is missing or could not be read, one sentence each. It grows while objects are read. */
  get problems(): string[] {
    return [...this.#problems];
  }

  /** Follows references to what is no reference. */
  resolve(value: PdfValue | undefined): PdfValue {
    let found = value ?? null;
    for (let steps = 0; found instanceof PdfRef && steps < LONGEST_CHAIN; steps++)
      found = this.object(found.number);
    return found instanceof PdfRef ? null : found;
  }

  object(number: number): PdfValue {
    const known = this.#objects.get(number);
    if (known !== undefined) return known;
    // An object that is needed to read itself is none.
    if (this.#open.has(number)) return null;
    this.#open.add(number);
    const found = this.#read(number);
    this.#open.delete(number);
    if (this.#objects.size < MOST_KEPT) this.#objects.set(number, found);
    return found;
  }

  /** Where an object begins in the file, or the stream that holds it. */
  offsetOf(number: number): number | undefined {
    const entry = this.#xref.entries.get(number);
    const place = entry?.kind === 'stream' ? this.#xref.entries.get(entry.container) : entry;
    return place?.kind === 'file' ? this.#base + place.offset : undefined;
  }

  /** All objects, without keeping them in memory. */
  *all(): Generator<{ number: number; value: PdfValue }> {
    for (const number of this.#xref.entries.keys()) {
      yield { number, value: this.#objects.get(number) ?? this.#read(number) };
    }
  }

  /** Where the tables were made anew from what is there, an object that is referred to and not there was cut off. */
  noteIfLost({ number }: PdfRef): void {
    if (this.#rebuilt && !this.#xref.entries.has(number)) this.#tell(`The object ${number} is missing.`);
  }

  #tell(problem: string): void {
    if (this.#problems.size < MOST_PROBLEMS) this.#problems.add(problem);
  }

  /** Null where it is too large, damaged, or packed by what is unknown. */
  contentOf(stream: PdfStream, limit: number): Uint8Array | null {
    return decodeStream(stream, (value) => this.resolve(value), limit);
  }

  #trailer(key: string): PdfValue {
    return this.#xref.trailers.find((dict) => dict.has(key))?.get(key) ?? null;
  }

  #hasRoot(): boolean {
    return this.resolve(this.#trailer('Root')) instanceof PdfDict;
  }

  /** A table whose every place is wrong is no better than none. */
  #pointsToObjects(): boolean {
    for (const [number, entry] of this.#xref.entries) {
      if (entry.kind === 'file' && entry.offset > 0 && !this.#headAt(this.#base + entry.offset, number))
        return false;
    }
    return true;
  }

  #rebuild(): void {
    const rebuilt = rebuildXref(this.#bytes, this.#base, (offset) => this.#endAt(offset));
    this.#objects.clear();
    this.#containers.clear();
    // Trailers that could be read say more than those that were only found.
    this.#xref = { ...rebuilt, trailers: [...this.#xref.trailers, ...rebuilt.trailers] };
    this.#rebuilt = true;
    // What could not be read by the tables may be read now.
    this.#problems.clear();
    if (this.#endsWithinObject()) this.#tell('It is cut off within its last object.');
    const containers: number[] = [];
    for (const { number, value } of this.all()) {
      if (!(value instanceof PdfStream)) continue;
      const type = nameOf(value.dict.get('Type'));
      if (type === 'XRef') this.#xref.trailers.push(value.dict);
      else if (type === 'ObjStm') containers.push(number);
    }
    // What was written last counts.
    containers.sort((a, b) => (this.offsetOf(b) ?? 0) - (this.offsetOf(a) ?? 0));
    for (const container of containers) this.#addContained(container);
    this.#objects.clear();
  }

  #endsWithinObject(): boolean {
    let last = -1;
    for (const entry of this.#xref.entries.values())
      if (entry.kind === 'file') last = Math.max(last, this.#base + entry.offset);
    return last >= 0 && !bufferOf(this.#bytes).includes('endobj', last);
  }

  /** Objects in a stream count where none of their number stands in the file. */
  #addContained(container: number): void {
    for (const [index, { number }] of this.#containers.objectsOf(container).entries()) {
      if (!this.#xref.entries.has(number))
        this.#xref.entries.set(number, { kind: 'stream', container, index });
    }
  }

  #catalogByType(): PdfDict | null {
    for (const { value } of this.all()) {
      if (value instanceof PdfDict && nameOf(value.get('Type')) === 'Catalog') return value;
    }
    return null;
  }

  #read(number: number): PdfValue {
    const entry = this.#xref.entries.get(number);
    if (!entry) return null;
    if (entry.kind === 'file') {
      const found = this.#readAt(this.#base + entry.offset, number, entry.generation);
      if (found === undefined) this.#tell(`The object ${number} is not where the table says.`);
      return found?.value ?? null;
    }
    return this.#containers.read(number, entry.container, entry.index);
  }

  /** The object that begins at a place; undefined where none of this number does. */
  #readAt(offset: number, number: number, generation: number): { value: PdfValue; end: number } | undefined {
    const head = this.#headAt(offset, number);
    if (!head) return undefined;
    const crypt = this.#crypt;
    const syntax = new PdfSyntax(this.#bytes, head.end, {
      owner: `${number}`,
      decrypt: crypt && ((bytes) => crypt.string(bytes, number, generation)),
    });
    const value = syntax.value();
    if (syntax.tooMuch) this.#tell(`The object ${number} is nested too deeply, or has too many values.`);
    if (!(value instanceof PdfDict)) return { value, end: syntax.at };
    const stream = this.#streamAfter(syntax, value);
    if (!stream) return { value, end: syntax.at };
    const plain =
      crypt && this.#isEncrypted(value, crypt) ? crypt.stream(stream.raw, number, generation) : stream.raw;
    return { value: new PdfStream(value, plain, stream.cutOff), end: syntax.at };
  }

  #isEncrypted(dict: PdfDict, crypt: PdfCrypt): boolean {
    const type = nameOf(dict.get('Type'));
    return type !== 'XRef' && (type !== 'Metadata' || crypt.metadataToo) && !this.#namesCrypt(dict);
  }

  /** A filter `Crypt` of its own, which is there to leave a stream as it is. */
  #namesCrypt(dict: PdfDict): boolean {
    const filter = dict.get('Filter');
    const [first] = Array.isArray(filter) ? filter : [filter];
    return nameOf(first ?? null) === 'Crypt';
  }

  #headAt(offset: number, number: number | null): { end: number; number: number } | null {
    if (!(offset >= 0 && offset < this.#bytes.length)) return null;
    const syntax = new PdfSyntax(this.#bytes, offset);
    const found = syntax.next();
    if (typeof found !== 'number' || (number !== null && found !== number)) return null;
    if (typeof syntax.next() !== 'number') return null;
    const word = syntax.next();
    return word instanceof PdfKeyword && word.word === 'obj' ? { end: syntax.at, number: found } : null;
  }

  /** The bytes after `stream`: as many as `Length` says if `endstream` follows, else up to that word. */
  #streamAfter(syntax: PdfSyntax, dict: PdfDict): { raw: Uint8Array; cutOff: boolean } | null {
    const before = syntax.at;
    const word = syntax.next();
    if (!(word instanceof PdfKeyword) || word.word !== 'stream') {
      syntax.at = before;
      return null;
    }
    const bytes = this.#bytes;
    let from = syntax.at;
    if (bytes[from] === 0x0d) from++;
    if (bytes[from] === 0x0a) from++;
    const stated = this.#xref ? this.resolve(dict.get('Length')) : dict.get('Length');
    if (typeof stated === 'number' && stated >= 0 && from + stated <= bytes.length) {
      const tail = latin1(bytes.subarray(from + stated, from + stated + 20));
      if (/^\s*endstream/.test(tail)) {
        syntax.at = from + stated;
        return { raw: bytes.subarray(from, from + stated), cutOff: false };
      }
    }
    const end = bufferOf(bytes).indexOf('endstream', from);
    syntax.at = end < 0 ? bytes.length : end;
    return { raw: bytes.subarray(from, syntax.at), cutOff: end < 0 };
  }

  #readStreamAt(offset: number): PdfStream | null {
    const head = this.#headAt(offset, null);
    const found = head && this.#readAt(offset, head.number, 0)?.value;
    return found instanceof PdfStream ? found : null;
  }

  #endAt(offset: number): number {
    const head = this.#headAt(offset, null);
    return (head && this.#readAt(offset, head.number, 0)?.end) || offset;
  }

  /** A dictionary with its references, and those of dictionaries in it, resolved. */
  #flat(dict: PdfDict, depth = 0): PdfDict {
    const flat = new PdfDict(dict.place);
    for (const [key, value] of dict.map) {
      const found = this.resolve(value);
      flat.map.set(key, found instanceof PdfDict && depth < 3 ? this.#flat(found, depth + 1) : found);
    }
    return flat;
  }

  #identifier(): Buffer {
    const id = this.resolve(this.#trailer('ID'));
    const first = Array.isArray(id) ? this.resolve(id[0] ?? null) : null;
    return Buffer.from(first instanceof PdfString ? first.bytes : '', 'latin1');
  }
}

export function nameOf(value: PdfValue): string {
  return value instanceof PdfName ? value.name : '';
}
