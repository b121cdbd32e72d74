/** Bits in one word; pixel x of a row is bit x % 32 of word x ÷ 32. */
const WORD = 32;

/** A picture of one bit a pixel, 32 of them in a word: opening and spreading take a few operations for 32 pixels. */
export class BitMask {
  readonly width: number;
  readonly height: number;
  /** Words of one row. */
  readonly rowWords: number;
  readonly words: Int32Array;
  /** The bits of a row's last word that lie beyond the width. */
  readonly #beyond: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rowWords = Math.ceil(width / WORD);
    this.words = new Int32Array(this.rowWords * height);
    this.#beyond = width % WORD === 0 ? 0 : -1 << (width % WORD);
  }

  has(x: number, y: number): boolean {
    return (((this.words[y * this.rowWords + (x >> 5)] as number) >>> (x & 31)) & 1) === 1;
  }

  set(x: number, y: number): void {
    const at = y * this.rowWords + (x >> 5);
    this.words[at] = (this.words[at] as number) | (1 << (x & 31));
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Leaves what is not in `other`. */
  without({ words: other }: BitMask): void {
    const { words } = this;
    for (let at = 0; at < words.length; at++) words[at] = (words[at] as number) & ~(other[at] as number);
  }

  /** Becomes what is in both. */
  bothOf({ words: one }: BitMask, { words: other }: BitMask): void {
    const { words } = this;
    for (let at = 0; at < words.length; at++) words[at] = (one[at] as number) & (other[at] as number);
  }

  count(): number {
    const { words } = this;
    let sum = 0;
    for (let at = 0; at < words.length; at++) sum += bitsIn(words[at] as number);
    return sum;
  }

  /** Becomes `from` where all of the 3 × 3 pixels around are set; what is outside counts as set. */
  erodedOf(from: BitMask, scratch: BitMask): void {
    const { rowWords, height } = this;
    const beyond = this.#beyond;
    const source = from.words;
    const across = scratch.words;
    const last = rowWords - 1;
    for (let row = 0; row < height; row++) {
      const begin = row * rowWords;
      let before = -1;
      let here = (source[begin] as number) | (last === 0 ? beyond : 0);
      for (let w = 0; w <= last; w++) {
        const after = w === last ? -1 : (source[begin + w + 1] as number) | (w + 1 === last ? beyond : 0);
        across[begin + w] = here & ((here << 1) | (before >>> 31)) & ((here >>> 1) | (after << 31));
        before = here;
        here = after;
      }
    }
    const out = this.words;
    for (let at = 0; at < out.length; at++) {
      const above = at < rowWords ? -1 : (across[at - rowWords] as number);
      const below = at + rowWords >= out.length ? -1 : (across[at + rowWords] as number);
      out[at] = (across[at] as number) & above & below;
    }
    this.#cutBeyond();
  }

  /** Becomes `from` where any of the 3 × 3 pixels around is set. */
  dilatedOf(from: BitMask, scratch: BitMask): void {
    const { rowWords, height } = this;
    const source = from.words;
    const across = scratch.words;
    const last = rowWords - 1;
    for (let row = 0; row < height; row++) {
      const begin = row * rowWords;
      let before = 0;
      let here = source[begin] as number;
      for (let w = 0; w <= last; w++) {
        const after = w === last ? 0 : (source[begin + w + 1] as number);
        across[begin + w] = here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31);
        before = here;
        here = after;
      }
    }
    const out = this.words;
    for (let at = 0; at < out.length; at++) {
      const above = at < rowWords ? 0 : (across[at - rowWords] as number);
      const below = at + rowWords >= out.length ? 0 : (across[at + rowWords] as number);
      out[at] = (across[at] as number) | above | below;
    }
    this.#cutBeyond();
  }

  #cutBeyond(): void {
    const beyond = this.#beyond;
    if (beyond === 0) return;
    const { words, rowWords } = this;
    for (let at = rowWords - 1; at < words.length; at += rowWords)
      words[at] = (words[at] as number) & ~beyond;
  }
}

export function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24) & 0xff;
}
