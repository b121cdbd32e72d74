import { bufferOf } from '../bytes.ts';
import { decodeStream } from './filters.ts';
import { PdfKeyword, PdfSyntax } from './syntax.ts';
import { PdfDict, PdfName, type PdfStream, type PdfValue } from './values.ts';

/** Where an object is: at a place of the file, or in an object stream. */
export type XrefEntry =
  | { kind: 'file'; offset: number; generation: number }
  | { kind: 'stream'; container: number; index: number };

export interface Xref {
  entries: Map<number, XrefEntry>;
  /** The newest that has a root first. */
  trailers: PdfDict[];
  /** It could not be read, or not in whole. */
  damaged: boolean;
}

const MOST_SECTIONS = 500;
export const MOST_OBJECTS = 500_000;
const LARGEST_TABLE = 64 * 1024 ** 2;

/** Reads an object without decryption; what references can't be followed yet. */
type ReadStream = (offset: number) => PdfStream | null;

/**
 * Follows the cross-reference tables and streams from the end of the file, newest first, as readers do.
 * @param base offsets count from the head `%PDF-`, which need not be the first byte
 */
export function readXref(bytes: Uint8Array, base: number, readStream: ReadStream): Xref {
  const xref: Xref = { entries: new Map(), trailers: [], damaged: false };
  const buffer = bufferOf(bytes);
  const mark = buffer.lastIndexOf('startxref');
  const first = mark < 0 ? null : new PdfSyntax(bytes, mark + 9).value();
  const open = typeof first === 'number' ? [first] : [];
  if (open.length === 0) xref.damaged = true;
  const seen = new Set<number>();
  for (let offset = open.shift(); offset !== undefined; offset = open.shift()) {
    if (seen.has(offset) || seen.size >= MOST_SECTIONS) continue;
    seen.add(offset);
    const dict = readSection(bytes, base + offset, xref, readStream);
    if (!dict) {
      xref.damaged = true;
      continue;
    }
    xref.trailers.push(dict);
    for (const key of ['XRefStm', 'Prev']) {
      const next = dict.get(key);
      if (typeof next === 'number' && next >= 0) open.push(next);
    }
  }
  return xref;
}

function readSection(bytes: Uint8Array, at: number, xref: Xref, readStream: ReadStream): PdfDict | null {
  if (at < 0 || at >= bytes.length) return null;
  const syntax = new PdfSyntax(bytes, at);
  const begin = syntax.next();
  if (begin instanceof PdfKeyword) return begin.word === 'xref' ? readTable(syntax, xref) : null;
  const stream = readStream(at);
  return stream && readXrefStream(stream, xref) ? stream.dict : null;
}

/** Lines `offset generation n`, in groups that begin with `first count`, then `trailer` and a dictionary. */
function readTable(syntax: PdfSyntax, xref: Xref): PdfDict | null {
  for (;;) {
    const first = syntax.next();
    if (first instanceof PdfKeyword) {
      if (first.word !== 'trailer') return null;
      const trailer = syntax.value();
      return trailer instanceof PdfDict ? trailer : null;
    }
    const count = syntax.next();
    if (typeof first !== 'number' || typeof count !== 'number') return null;
    for (let index = 0; index < count; index++) {
      const before = syntax.at;
      const [offset, generation, word] = [syntax.next(), syntax.next(), syntax.next()];
      if (typeof offset !== 'number' || typeof generation !== 'number' || !(word instanceof PdfKeyword)) {
        // Fewer lines than were promised.
        syntax.at = before;
        break;
      }
      if (word.word === 'n') add(xref, first + index, { kind: 'file', offset, generation });
      else if (word.word !== 'f') {
        syntax.at = before;
        break;
      }
    }
  }
}

function add({ entries }: Xref, number: number, entry: XrefEntry): void {
  if (!entries.has(number) && entries.size < MOST_OBJECTS) entries.set(number, entry);
}

/** @returns whether it is a cross-reference stream that can be read */
function readXrefStream(stream: PdfStream, xref: Xref): boolean {
  const { dict } = stream;
  const type = dict.get('Type');
  const widths = numbers(dict.get('W'));
  if (!(type instanceof PdfName) || type.name !== 'XRef' || widths.length < 3) return false;
  if (widths.some((width) => width < 0 || width > 8)) return false;
  const data = decodeStream(stream, (value) => value, LARGEST_TABLE);
  if (!data) return false;
  const [one, two, three] = widths as [number, number, number];
  const row = one + two + three;
  const stated = numbers(dict.get('Index'));
  const groups = stated.length > 0 ? stated : [0, Number(dict.get('Size')) || 0];
  let at = 0;
  for (let group = 0; group + 1 < groups.length && row > 0; group += 2) {
    for (
      let index = 0;
      index < (groups[group + 1] as number) && at + row <= data.length;
      index++, at += row
    ) {
      const kind = one === 0 ? 1 : bigEndian(data, at, one);
      const second = bigEndian(data, at + one, two);
      const third = bigEndian(data, at + one + two, three);
      const number = (groups[group] as number) + index;
      if (kind === 1) add(xref, number, { kind: 'file', offset: second, generation: third });
      else if (kind === 2) add(xref, number, { kind: 'stream', container: second, index: third });
    }
  }
  return true;
}

function numbers(value: PdfValue): number[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'number' ? item : 0)) : [];
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (bytes[at + index] as number);
  return value;
}
