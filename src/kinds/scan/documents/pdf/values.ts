import { utf16 } from '../bytes.ts';
export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class PdfRef {
  readonly number: number;
  readonly generation: number;
  constructor(number: number, generation: number) {
    this.number = number;
    this.generation = generation;
  }
}

/** Bytes as Latin-1. */
export class PdfString {
  readonly bytes: string;
  constructor(bytes: string) {
    this.bytes = bytes;
  }

  /** As text: UTF-16 or UTF-8 where it says so, else byte by byte. */
  get text(): string {
    return pdfText(Buffer.from(this.bytes, 'latin1'));
  }
}

export function pdfText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  if (buffer[0] === 0xfe && buffer[1] === 0xff) {
    return utf16(buffer.subarray(2, 2 + ((buffer.length - 2) & ~1)).swap16());
  }
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return utf16(buffer.subarray(2));
  if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) return buffer.toString('utf8', 3);
  return buffer.toString('latin1');
}

export class PdfDict {
  readonly map = new Map<string, PdfValue>();
  /** Where it stands, so that the same dictionary is known when it is met again. */
  readonly place: string;
  /** In the file; undefined within an object stream. */
  readonly offset: number | undefined;

  constructor(place: string, offset?: number) {
    this.place = place;
    this.offset = offset;
  }

  get(key: string): PdfValue {
    return this.map.get(key) ?? null;
  }

  has(key: string): boolean {
    return this.map.has(key);
  }
}

export class PdfStream {
  readonly dict: PdfDict;
  /** As it stands in the file, but for encryption. */
  readonly raw: Uint8Array;
  /** The line `endstream` is missing. */
  readonly cutOff: boolean;

  constructor(dict: PdfDict, raw: Uint8Array, cutOff: boolean) {
    this.dict = dict;
    this.raw = raw;
    this.cutOff = cutOff;
  }
}

export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfRef
  | PdfString
  | PdfValue[]
  | PdfDict
  | PdfStream;
