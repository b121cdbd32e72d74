import type { Box } from '../events/event.ts';
import type { BitMask } from './bit-mask.ts';

/** Pixels of one side of a cell; four cells lie in a word of a mask. */
const CELL = 8;
/** Set pixels from which a cell belongs to a cluster. */
const LEAST_IN_CELL = 6;
/** Cells that may lie between two of one cluster: arms, legs and head of somebody hang together. */
const REACH = 2;

/** Cells close together in which something is set; places are in fractions of the picture. */
export interface Cluster {
  /** Set pixels, as a share of the picture. */
  share: number;
  box: Box;
  /** Middle of the set pixels, by cells. */
  x: number;
  y: number;
}

/** Finds where the set pixels of a mask lie together; holds its memory. */
export class ClusterFinder {
  readonly columns: number;
  readonly rows: number;
  readonly #counts: Uint8Array;
  readonly #perWord: number;
  readonly #open: Int32Array;
  readonly #width: number;
  readonly #height: number;

  constructor({ width, rowWords, height }: BitMask) {
    this.#width = width;
    this.#height = height;
    this.#perWord = rowWords;
    this.columns = rowWords * 4;
    this.rows = Math.ceil(height / CELL);
    this.#counts = new Uint8Array(this.columns * this.rows);
    this.#open = new Int32Array(this.#counts.length);
  }

  /**
   * @param counts whether the set pixels of a cell count, by its left upper corner
   * @param least share of the picture
   * @returns those of that size or more, the largest first
   */
  find(mask: BitMask, least: number, counts: (left: number, top: number) => boolean): Cluster[] {
    if (this.#count(mask) < least * this.#width * this.#height) return [];
    const clusters: Cluster[] = [];
    for (let at = 0; at < this.#counts.length; at++) {
      if ((this.#counts[at] as number) < LEAST_IN_CELL) continue;
      const cluster = this.#from(at, counts);
      if (cluster && cluster.share >= least) clusters.push(cluster);
    }
    return clusters.sort((a, b) => b.share - a.share);
  }

  /** Takes the cluster around a cell out of the counts. Null where none of its cells counts. */
  #from(first: number, counts: (left: number, top: number) => boolean): Cluster | null {
    const { columns, rows } = this;
    const open = this.#open;
    let [pixels, sumX, sumY] = [0, 0, 0];
    let [left, top, right, bottom] = [columns, rows, -1, -1];
    open[0] = first;
    for (let end = 1; end > 0; ) {
      const at = open[--end] as number;
      const own = this.#counts[at] as number;
      if (own < LEAST_IN_CELL) continue;
      this.#counts[at] = 0;
      const row = Math.floor(at / columns);
      const column = at - row * columns;
      if (counts(column * CELL, row * CELL)) {
        pixels += own;
        sumX += own * (column + 0.5);
        sumY += own * (row + 0.5);
        left = Math.min(left, column);
        right = Math.max(right, column);
        top = Math.min(top, row);
        bottom = Math.max(bottom, row);
      }
      for (let y = Math.max(0, row - REACH); y <= Math.min(rows - 1, row + REACH); y++) {
        for (let x = Math.max(0, column - REACH); x <= Math.min(columns - 1, column + REACH); x++) {
          const next = y * columns + x;
          if (end < open.length && (this.#counts[next] as number) >= LEAST_IN_CELL) open[end++] = next;
        }
      }
    }
    if (pixels === 0) return null;
    const [width, height] = [this.#width / CELL, this.#height / CELL];
    const [x, y] = [left / width, top / height];
    const box = {
      x,
      y,
      width: Math.min(1, (right + 1) / width) - x,
      height: Math.min(1, (bottom + 1) / height) - y,
    };
    const share = pixels / (this.#width * this.#height);
    return { share, box, x: sumX / pixels / width, y: sumY / pixels / height };
  }

  /** Counts the set pixels of each cell, four cells at a time. @returns all of them */
  #count({ words, height }: BitMask): number {
    const counts = this.#counts;
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
        if (sums !== 0) all += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
      }
    }
    return all;
  }
}
