import { inflateRawSync } from 'node:zlib';
import { attributes } from './attributes.ts';

/** Where the value of an attribute is. */
export interface Value {
  /** By the file, or null where the syntax leaves it out. */
  vr: string | null;
  at: number;
  length: number;
  /** Of a sequence. */
  items?: DataSet[];
  /** Of packed pixels: the table of offsets, then the pieces. */
  fragments?: { at: number; length: number }[];
}

/** The attributes of a file, or of an item of a sequence in it, by tag (`x00100010`). */
export interface DataSet {
  values: Map<string, Value>;
  bytes: Uint8Array;
  littleEndian: boolean;
}

/** Why a file is none that can be read. What it says is not shown to people. */
export class DamagedDicom extends Error {}

/** With a header of twelve bytes, by the standard of 2019. */
const longForms = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const sequences = new Set(
  Object.values(attributes)
    .filter(({ vr }) => vr === 'SQ')
    .map(({ tag }) => tag as string),
);
const PIXELS: string = attributes.pixels.tag;
const UNDEFINED = 0xffffffff;
const ITEM = 'xfffee000';
const ITEM_END = 'xfffee00d';
const SEQUENCE_END = 'xfffee0dd';
/** Deeper than any standard object, and than any stack minds. */
const DEEPEST = 32;
const MOST_ELEMENTS = 4_000_000;

const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
const EXPLICIT_BIG = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const BEGIN = 132;

export function isDicom(beginning: Uint8Array): boolean {
  return Buffer.from(beginning.subarray(128, BEGIN)).toString('latin1') === 'DICM';
}

/**
 * Reads the structure of a file up to its pixels; what comes behind them is passed over. Private and unknown values are passed over by
 * their lengths where these are given.
 * @param mostUnpacked how many bytes a deflated file may become
 * @throws DamagedDicom
 */
export function parseDicom(file: Uint8Array, mostUnpacked: number): DataSet {
  const meta = new Parser(file, { explicit: true, littleEndian: true });
  const values = new Map<string, Value>();
  const bodyAt = meta.readMeta(values);
  const syntax = textOf(file, values.get(attributes.transferSyntax.tag));
  const body = syntax === DEFLATED ? inflated(file, bodyAt, mostUnpacked) : file;
  const littleEndian = syntax !== EXPLICIT_BIG;
  const parser = new Parser(body, { explicit: syntax !== IMPLICIT_LITTLE, littleEndian });
  parser.readBody(bodyAt, values);
  return { values, bytes: body, littleEndian };
}

function inflated(file: Uint8Array, from: number, maxOutputLength: number): Uint8Array {
  try {
    return Buffer.concat([file.subarray(0, from), inflateRawSync(file.subarray(from), { maxOutputLength })]);
  } catch (error) {
    throw new DamagedDicom('It cannot be inflated.', { cause: error });
  }
}

function textOf(bytes: Uint8Array, value: Value | undefined): string {
  if (!value) return '';
  const text = Buffer.from(bytes.subarray(value.at, value.at + Math.min(value.length, 64))).toString(
    'latin1',
  );
  return text.replace(/[\0 ]+$/, '');
}

interface Head {
  tag: string;
  vr: string | null;
  length: number;
}

interface Syntax {
  explicit: boolean;
  littleEndian: boolean;
}

class Parser {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #syntax: Syntax;
  #at = BEGIN;
  #elements = 0;

  constructor(bytes: Uint8Array, syntax: Syntax) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#syntax = syntax;
  }

  /** The group at the beginning, which is explicit and little-endian always. Returns where it ends. */
  readMeta(into: Map<string, Value>): number {
    while (this.#at + 8 <= this.#bytes.length && this.#view.getUint16(this.#at, true) === 2) {
      this.#readElement(into, this.#syntax.explicit, 0);
    }
    return this.#at;
  }

  readBody(from: number, into: Map<string, Value>): void {
    this.#at = from;
    while (this.#at < this.#bytes.length && !into.has(PIXELS))
      this.#readElement(into, this.#syntax.explicit, 0);
  }

  #readElement(into: Map<string, Value>, explicit: boolean, depth: number): void {
    const { tag, vr, length } = this.#readHead(explicit);
    const value: Value = { vr, at: this.#at, length };
    const isSequence = vr === 'SQ' || ((vr === null || vr === 'UN') && sequences.has(tag));
    if (tag === PIXELS && depth === 0) this.#readPixels(value);
    else if (length === UNDEFINED || isSequence) {
      // What a program did not know it wrote as unknown, and what is in it as it came: implicitly.
      value.items = this.#readItems(length, explicit && vr !== 'UN', depth + 1);
      value.length = this.#at - value.at;
    } else this.#skip(length);
    into.set(tag, value);
  }

  #readHead(explicit: boolean): Head {
    if (++this.#elements > MOST_ELEMENTS) throw new DamagedDicom('It has too many elements.');
    const at = this.#at;
    const { littleEndian } = this.#syntax;
    this.#skip(8);
    const tag = this.#tagAt(at);
    if (!explicit || tag.startsWith('xfffe')) {
      return { tag, vr: null, length: this.#view.getUint32(at + 4, littleEndian) };
    }
    const vr = String.fromCharCode(this.#bytes[at + 4] as number, this.#bytes[at + 5] as number);
    if (!/^[A-Z]{2}$/.test(vr)) throw new DamagedDicom('It has an element without a representation.');
    if (!longForms.has(vr)) return { tag, vr, length: this.#view.getUint16(at + 6, littleEndian) };
    this.#skip(4);
    return { tag, vr, length: this.#view.getUint32(at + 8, littleEndian) };
  }

  #tagAt(at: number): string {
    const part = (offset: number) =>
      this.#view
        .getUint16(at + offset, this.#syntax.littleEndian)
        .toString(16)
        .padStart(4, '0');
    return `x${part(0)}${part(2)}`;
  }

  #readItems(length: number, explicit: boolean, depth: number): DataSet[] {
    if (depth > DEEPEST) throw new DamagedDicom('Its sequences are nested too deep.');
    const end = length === UNDEFINED ? this.#bytes.length : this.#at + length;
    if (end > this.#bytes.length) throw new DamagedDicom('A sequence is longer than the file.');
    const items: DataSet[] = [];
    while (this.#at < end) {
      const head = this.#readHead(false);
      if (head.tag === SEQUENCE_END) return items;
      if (head.tag !== ITEM) throw new DamagedDicom('A sequence has something else than items.');
      items.push(this.#readItem(head.length, explicit, depth));
    }
    if (length === UNDEFINED) throw new DamagedDicom('A sequence has no end.');
    return items;
  }

  #readItem(length: number, explicit: boolean, depth: number): DataSet {
    const values = new Map<string, Value>();
    const end = length === UNDEFINED ? this.#bytes.length : this.#at + length;
    if (end > this.#bytes.length) throw new DamagedDicom('An item is longer than the file.');
    while (this.#at < end) {
      if (length === UNDEFINED && this.#at + 8 <= end && this.#tagAt(this.#at) === ITEM_END) {
        this.#skip(8);
        break;
      }
      this.#readElement(values, explicit, depth);
    }
    return { values, bytes: this.#bytes, littleEndian: this.#syntax.littleEndian };
  }

  /** What is missing of them is counted by who reads them. */
  #readPixels(value: Value): void {
    const left = this.#bytes.length - this.#at;
    if (value.length !== UNDEFINED) {
      value.length = Math.min(value.length, left);
      this.#skip(value.length);
      return;
    }
    value.length = left;
    value.fragments = [];
    while (this.#at < this.#bytes.length) {
      const { tag, length } = this.#readHead(false);
      if (tag === SEQUENCE_END) return;
      if (tag !== ITEM) throw new DamagedDicom('Its packed pixels have something else than items.');
      value.fragments.push({ at: this.#at, length });
      this.#skip(length);
    }
    throw new DamagedDicom('Its packed pixels have no end.');
  }

  #skip(count: number): void {
    this.#at += count;
    if (this.#at > this.#bytes.length) throw new DamagedDicom('It ends within an element.');
  }
}
