import type { Input } from '../../../unpack/archive/run.ts';
import { bufferOf } from '../../../unpack/search.ts';

/** A file from some place on; every offset is counted from there, and every read is checked against its end. */
export class View {
  readonly #input: Input;
  readonly from: number;
  readonly size: number;

  constructor(input: Input, from = 0) {
    this.#input = input;
    this.from = from;
    this.size = Math.max(0, input.size - from);
  }

  /** Fewer bytes than `length` at the end of the file, none beyond it. */
  bytes(at: number, length: number): Buffer {
    if (!(at >= 0 && at < this.size)) return Buffer.alloc(0);
    return bufferOf(this.#input.read(this.from + at, this.from + Math.min(at + length, this.size)));
  }

  text(at: number, length: number): string {
    return this.bytes(at, length).toString('latin1');
  }

  /** NaN beyond the end, which no comparison is true of. */
  u8 = (at: number) => this.bytes(at, 1)[0] ?? Number.NaN;
  u16 = (at: number) => this.#number(at, 2, (bytes) => bytes.readUInt16LE(0));
  u16be = (at: number) => this.#number(at, 2, (bytes) => bytes.readUInt16BE(0));
  u32 = (at: number) => this.#number(at, 4, (bytes) => bytes.readUInt32LE(0));
  u32be = (at: number) => this.#number(at, 4, (bytes) => bytes.readUInt32BE(0));
  u64 = (at: number) => this.#number(at, 8, (bytes) => Number(bytes.readBigUInt64LE(0)));
  u64be = (at: number) => this.#number(at, 8, (bytes) => Number(bytes.readBigUInt64BE(0)));

  #number(at: number, length: number, read: (bytes: Buffer) => number): number {
    const bytes = this.bytes(at, length);
    return bytes.length === length ? read(bytes) : Number.NaN;
  }

  /** A place that is not beyond the end; undefined otherwise. */
  within(at: number): number | undefined {
    return at > 0 && at <= this.size ? at : undefined;
  }
}

/** Where a file of a format ends; undefined where that cannot be said. */
export type EndOf = (view: View) => number | undefined | Promise<number | undefined>;
