import type { Background } from './background.ts';
import type { BitMask } from './bit-mask.ts';

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
      const count = Math.min(32, width - w * 32);
      let isForeground = 0;
      let isChanged = 0;
      for (let bit = 0; bit < count; bit++) {
        const at = from + bit;
        const value = frame[at] as number;
        const lit = value - light;
        // The sign bit tells which side of a border a value is on, without a branch.
        isForeground |= (((lit - (low[at] as number)) | ((high[at] as number) - lit)) >>> 31) << bit;
        const step = value - (earlier[at] as number);
        isChanged |= (((up - step) | (down + step)) >>> 31) << bit;
      }
      foregroundWords[word] = isForeground;
      changedWords[word] = isChanged;
    }
  }
}
