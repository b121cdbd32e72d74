/** What can be read at any place, as far as types are told from it. */
export interface Readable {
  name: string;
  size: number;
  /** Bytes `from` to `to`, fewer at the end. */
  read(from: number, to: number): Uint8Array;
}
