/** A block of keypoints is some 200 KB: large enough to send, small enough to hold. */
const LINES = 500;

/**
 * A text of a line a frame, made a block at a time: an hour of video has tens of megabytes of it.
 * @param block lines `from` to before `to`
 */
export function* textBlocks(lines: number, block: (from: number, to: number) => string): Generator<string> {
  for (let from = 0; from < lines; from += LINES) yield block(from, Math.min(lines, from + LINES));
}
