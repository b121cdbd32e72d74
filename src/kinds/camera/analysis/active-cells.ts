import type { Box } from '../events/event.ts';
import type { BitMask } from './bit-mask.ts';

/** Pixels of one side of a cell; four lie in a word. */
export const CELL = 8;

/** Counts the set pixels of a mask in cells of 8 × 8, four cells at a time. */
export class CellCounts {
  readonly columns: number;
  readonly rows: number;
  readonly counts: Uint8Array;
  readonly #perWord: number;

  constructor({ rowWords, height }: BitMask) {
    this.#perWord = rowWords;
    this.columns = rowWords * 4;
    this.rows = Math.ceil(height / CELL);
    this.counts = new Uint8Array(this.columns * this.rows);
  }

  /** @returns how many pixels are set in all */
  count({ words, height }: BitMask): number {
    const { counts } = this;
    const perRow = this.#perWord;
    let all = 0;
    for (let row = 0; row < this.rows; row++) {
      const end = Math.min(height, (row + 1) * CELL);
      for (let w = 0; w < perRow; w++) {
        let sums = 0;
        for (let y = row * CELL; y < end; y++) {
          let bits = words[y * perRow + w] as number;
          if (bits === 0) continue;
          bits -= (bits >>> 1) & 0x55555555;
          bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
          sums += (bits + (bits >>> 4)) & 0x0f0f0f0f;
        }
        const at = row * this.columns + w * 4;
        counts[at] = sums & 0xff;
        counts[at + 1] = (sums >>> 8) & 0xff;
        counts[at + 2] = (sums >>> 16) & 0xff;
        counts[at + 3] = sums >>> 24;
        all += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
      }
    }
    return all;
  }

  /** Around the cells that have `least` or more, in fractions of the picture. */
  boxOf(least: number, width: number, height: number): Box | null {
    let [left, top, right, bottom] = [this.columns, this.rows, -1, -1];
    for (let row = 0, at = 0; row < this.rows; row++) {
      for (let column = 0; column < this.columns; column++, at++) {
        if ((this.counts[at] as number) < least) continue;
        if (column < left) left = column;
        if (column > right) right = column;
        if (row < top) top = row;
        bottom = row;
      }
    }
    if (right < 0) return null;
    const x = (left * CELL) / width;
    const y = (top * CELL) / height;
    return {
      x,
      y,
      width: Math.min(1, ((right + 1) * CELL) / width) - x,
      height: Math.min(1, ((bottom + 1) * CELL) / height) - y,
    };
  }
}

export function around(one: Box, other: Box): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
