import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import type { Attribute } from './attributes.ts';

/** A set of attributes out of a file, or an item of a sequence in it. */
export class Attributes {
  readonly #set: DataSet;

  constructor(set: DataSet) {
    this.#set = set;
  }

  /** For what only the parser's own functions can do. */
  get raw(): DataSet {
    return this.#set;
  }

  get bytes(): Uint8Array {
    return this.#set.byteArray;
  }

  element(attribute: Attribute) {
    return this.#set.elements[attribute.tag];
  }

  /** Values in words, without the blanks that fill them up. */
  words(attribute: Attribute): string[] {
    const element = this.element(attribute);
    if (!element || element.length === 0 || element.length > LONGEST_TEXT || element.items) return [];
    const text = this.#set.string(attribute.tag) ?? '';
    return text.split('\\').map((word) => word.trim());
  }

  word(attribute: Attribute): string | null {
    return this.words(attribute)[0] || null;
  }

  /** Values in numbers; one that is none is left out, and then all are. */
  numbers(attribute: Attribute): number[] {
    const element = this.element(attribute);
    if (!element || element.length > LONGEST_TEXT) return [];
    const read = binary[element.vr ?? attribute.vr];
    const values = read
      ? Array.from({ length: Math.floor(element.length / read.size) }, (_, n) =>
          read.value(this.#set, attribute.tag, n),
        )
      : this.words(attribute).map((word) => (decimal.test(word) ? Number(word) : Number.NaN));
    return values.every((value) => value !== undefined && Number.isFinite(value)) ? (values as number[]) : [];
  }

  number(attribute: Attribute): number | null {
    return this.numbers(attribute)[0] ?? null;
  }

  items(attribute: Attribute): Attributes[] {
    return (this.element(attribute)?.items ?? []).flatMap(({ dataSet }) =>
      dataSet ? [new Attributes(dataSet)] : [],
    );
  }
}

/** Of text that means something to us, none is longer. */
const LONGEST_TEXT = 4096;
export const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

type Binary = Record<
  string,
  { size: number; value: (set: DataSet, tag: string, n: number) => number | undefined }
>;

const binary: Binary = {
  US: { size: 2, value: (set, tag, n) => set.uint16(tag, n) },
  SS: { size: 2, value: (set, tag, n) => set.int16(tag, n) },
  UL: { size: 4, value: (set, tag, n) => set.uint32(tag, n) },
  SL: { size: 4, value: (set, tag, n) => set.int32(tag, n) },
  FL: { size: 4, value: (set, tag, n) => set.float(tag, n) },
  FD: { size: 8, value: (set, tag, n) => set.double(tag, n) },
};

export function isDicom(beginning: Uint8Array): boolean {
  return Buffer.from(beginning.subarray(128, 132)).toString('latin1') === 'DICM';
}

/** @throws whatever the parser throws at damage; a string, at times */
export function parse(bytes: Uint8Array, mostUnpacked: number): Attributes {
  // The type says that nothing comes back, and the parser uses what comes back.
  const inflater = ((deflated: Uint8Array, position: number) => {
    const unpacked = inflateRawSync(deflated.subarray(position), { maxOutputLength: mostUnpacked });
    return Buffer.concat([deflated.subarray(0, position), unpacked]);
  }) as unknown as (deflated: Uint8Array, position: number) => void;
  return new Attributes(dicomParser.parseDicom(bytes, { inflater }));
}
