/**
 * What may be decompressed of one container only to see how it is to be read. It comes out of no sink, so no limit of
 * the scan counts it.
 */
export class Trials {
  #left: number;

  constructor(bytes = 256 * 1024 ** 2) {
    this.#left = bytes;
  }

  /** What one more trial may take. */
  get left(): number {
    return this.#left;
  }

  spend(bytes: number): void {
    this.#left = Math.max(0, this.#left - bytes);
  }
}
