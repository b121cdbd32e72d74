import type { Background } from './background.ts';
import type { BitMask } from './bit-mask.ts';

// Looked up once: a look at a global costs more than the work of a pixel where code is sandboxed.
const { min } = Math;

const SIGN = 1 << 31;

/**
 * Looks at every pixel of a frame once: is it outside the background's range, and has it changed since an earlier frame?
 * @param light levels by which the frame is brighter than the background
 * @param earlier the other frame
 * @param since levels by which the frame is brighter than the other
 * @param least levels from which a difference to the other is a change
 */
export function comparePixels(
  frame: Uint8Array,
  { width, height, low, high }: Background,
  light: number,
  earlier: Uint8Array,
  since: number,
  least: number,
  foreground: BitMask,
  changed: BitMask,
): void {
  const { rowWords } = foreground;
  const [foregroundWords, changedWords] = [foreground.words, changed.words];
  const [up, down] = [least + since, least - since];
  for (let y = 0, row = 0, word = 0; y < height; y++, row += width) {
    for (let w = 0; w < rowWords; w++, word++) {
      const from = row + w * 32;
      const to = min(from + 32, row + width);
      let isForeground = 0;
      let isChanged = 0;
      for (let at = from; at < to; at++) {
        const value = frame[at] as number;
        const lit = value - light;
        const step = value - (earlier[at] as number);
        // The sign bit tells on which side of a border a value is, without a branch; it is the newest bit of a word.
        const outside = (lit - (low[at] as number)) | ((high[at] as number) - lit);
        isForeground = (isForeground >>> 1) | (outside & SIGN);
        isChanged = (isChanged >>> 1) | (((up - step) | (down + step)) & SIGN);
      }
      const missing = from + 32 - to;
      isForeground >>>= missing;
      isChanged >>>= missing;
      foregroundWords[word] = isForeground;
      changedWords[word] = isChanged;
    }
  }
}
