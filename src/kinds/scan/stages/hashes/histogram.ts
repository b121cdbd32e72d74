/** Smaller chunks are counted byte by byte: folding pairs takes longer than they do. */
const PAIRS_FROM = 128 * 1024;

/** How often each byte occurs, counted chunk by chunk at a speed that hashing hides. */
export class Histogram {
  readonly #bytes = new Float64Array(256);
  #pairs: Uint32Array | undefined;
  #sincePairs = 0;

  count(chunk: Uint8Array): void {
    const words =
      chunk.length >= PAIRS_FROM && chunk.byteOffset % 4 === 0
        ? new Uint32Array(chunk.buffer, chunk.byteOffset, Math.floor(chunk.length / 8) * 2)
        : undefined;
    if (words) this.#countPairs(words);
    for (let at = words ? words.length * 4 : 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      this.#bytes[byte] = (this.#bytes[byte] as number) + 1;
    }
  }

  /** Two bytes at once take half the increments, and four of them a turn keep the table in cache. */
  #countPairs(words: Uint32Array): void {
    this.#pairs ??= new Uint32Array(65536);
    const pairs = this.#pairs as unknown as number[];
    for (let at = 0; at < words.length; at += 2) {
      const first = words[at] as number;
      const second = words[at + 1] as number;
      (pairs[first & 0xffff] as number)++;
      (pairs[first >>> 16] as number)++;
      (pairs[second & 0xffff] as number)++;
      (pairs[second >>> 16] as number)++;
    }
    // Before a counter of 32 bits could overflow.
    this.#sincePairs += words.length * 4;
    if (this.#sincePairs >= 2 ** 31) this.#fold();
  }

  #fold(): void {
    const pairs = this.#pairs;
    if (!pairs) return;
    this.#sincePairs = 0;
    for (let pair = 0; pair < 65536; pair++) {
      const times = pairs[pair] as number;
      if (times === 0) continue;
      this.#bytes[pair & 0xff] = (this.#bytes[pair & 0xff] as number) + times;
      this.#bytes[pair >>> 8] = (this.#bytes[pair >>> 8] as number) + times;
      pairs[pair] = 0;
    }
  }

  /** Shannon's, in bits a byte: 0 where all bytes are the same, 8 of noise. */
  entropy(): number {
    this.#fold();
    const total = this.#bytes.reduce((sum, times) => sum + times, 0);
    let bits = 0;
    for (const times of this.#bytes) if (times > 0) bits -= (times / total) * Math.log2(times / total);
    return Math.max(0, Math.round(bits * 1000) / 1000);
  }
}
