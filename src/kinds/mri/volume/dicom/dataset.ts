import type { Attribute } from './attributes.ts';
import type { DataSet, Value } from './parse.ts';

/** Reads values out of a set of attributes: as words, numbers or items, whatever representation the file gave them. */
export class Attributes {
  readonly #set: DataSet;

  constructor(set: DataSet) {
    this.#set = set;
  }

  get bytes(): Uint8Array {
    return this.#set.bytes;
  }

  value({ tag }: Attribute): Value | undefined {
    return this.#set.values.get(tag);
  }

  /** Values in words, without the blanks that fill them up. */
  words(attribute: Attribute): string[] {
    const value = this.value(attribute);
    if (!value || value.length === 0 || value.length > LONGEST_TEXT || value.items) return [];
    const text = Buffer.from(this.bytes.subarray(value.at, value.at + value.length)).toString('latin1');
    return text.split('\\').map((word) => word.replaceAll('\0', ' ').trim());
  }

  word(attribute: Attribute): string | null {
    return this.words(attribute)[0] || null;
  }

  /** Values in numbers; where one of them is none, there are none. */
  numbers(attribute: Attribute): number[] {
    const value = this.value(attribute);
    if (!value || value.length > LONGEST_TEXT || value.items) return [];
    const read = binary[value.vr ?? attribute.vr] ?? (value.vr === 'UN' ? binary[attribute.vr] : undefined);
    const numbers = read
      ? this.#binaryNumbers(value, read)
      : this.words(attribute).map((word) => (decimal.test(word) ? Number(word) : Number.NaN));
    return numbers.every(Number.isFinite) ? numbers : [];
  }

  number(attribute: Attribute): number | null {
    return this.numbers(attribute)[0] ?? null;
  }

  items(attribute: Attribute): Attributes[] {
    return (this.value(attribute)?.items ?? []).map((item) => new Attributes(item));
  }

  #binaryNumbers({ at, length }: Value, { size, read }: Binary): number[] {
    const { bytes, littleEndian } = this.#set;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, length);
    return Array.from({ length: Math.floor(length / size) }, (_, n) => read(view, n * size, littleEndian));
  }
}

/** Of text that means something to us, none is longer. */
const LONGEST_TEXT = 4096;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

interface Binary {
  size: number;
  read: (view: DataView, at: number, littleEndian: boolean) => number;
}

const binary: Readonly<Record<string, Binary>> = {
  US: { size: 2, read: (view, at, little) => view.getUint16(at, little) },
  SS: { size: 2, read: (view, at, little) => view.getInt16(at, little) },
  UL: { size: 4, read: (view, at, little) => view.getUint32(at, little) },
  SL: { size: 4, read: (view, at, little) => view.getInt32(at, little) },
  FL: { size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  FD: { size: 8, read: (view, at, little) => view.getFloat64(at, little) },
};
