/** Pixels of one side of the place that is looked at. */
const SIDE = 8;
/** Squared levels, over two pixels, from which what is left of the edges is more than a trace. */
const EDGE = 36;
/** Square of the correlation from which edges are the same ones, in another light. */
const SAME_EDGES = 0.6;
/** Level from which white has no more to say, levels by which glare is brighter, and share of a place that it blinds. */
const WHITE = 235;
const BRIGHTER = 10;
const GLARE = 0.25;

/**
 * Whether the edges of a place are others than those of the background. Light and shadow make edges stronger or weaker,
 * all of them in one proportion, and have soft borders of their own, which rise evenly over such a place; a thing brings
 * edges, and hides those behind it. What glares shows no edges at all.
 * @param noise levels of σ
 */
export function hasNewEdges(
  frame: Uint8Array,
  mean: Uint16Array,
  width: number,
  height: number,
  left: number,
  top: number,
  noise: number,
): boolean {
  let [own, behind, both, count, glaring] = [0, 0, 0, 0, 0];
  let [ownAcross, ownDown, behindAcross, behindDown] = [0, 0, 0, 0];
  const [right, bottom] = [Math.min(width - 1, left + SIDE), Math.min(height - 1, top + SIDE)];
  for (let y = Math.max(1, top); y < bottom; y++) {
    for (let x = Math.max(1, left), at = y * width + x; x < right; x++, at++) {
      const across = (frame[at + 1] as number) - (frame[at - 1] as number);
      const down = (frame[at + width] as number) - (frame[at - width] as number);
      const acrossBehind = ((mean[at + 1] as number) - (mean[at - 1] as number)) >> 8;
      const downBehind = ((mean[at + width] as number) - (mean[at - width] as number)) >> 8;
      own += across * across + down * down;
      behind += acrossBehind * acrossBehind + downBehind * downBehind;
      both += across * acrossBehind + down * downBehind;
      ownAcross += across;
      ownDown += down;
      behindAcross += acrossBehind;
      behindDown += downBehind;
      count++;
      if ((frame[at] as number) >= WHITE && (frame[at] as number) - ((mean[at] as number) >> 8) > BRIGHTER)
        glaring++;
    }
  }
  if (count === 0 || glaring > GLARE * count) return false;
  // What rises evenly is taken out.
  own -= (ownAcross * ownAcross + ownDown * ownDown) / count;
  behind -= (behindAcross * behindAcross + behindDown * behindDown) / count;
  both -= (ownAcross * behindAcross + ownDown * behindDown) / count;
  const alike = both > 0 ? both * both : 0;
  if (alike > SAME_EDGES * own * behind) return false;
  const noisy = 4 * noise * noise;
  const brought = own - (behind > 0 ? alike / behind : 0);
  const hidden = behind - (own > 0 ? alike / own : 0);
  return Math.max(brought / count - noisy, hidden / count) > EDGE + noisy;
}
