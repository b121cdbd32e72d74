/** A block of keypoints is some 200 KB: large enough to send, small enough to hold. */
const LINES = 500;

/**
 * A text of a line a frame, made a block at a time: an hour of video has tens of megabytes of it.
 * @param block lines `from` to before `to`
 */
export function* textBlocks(lines: number, block: (from: number, to: number) => string): Generator<string> {
  for (let from = 0; from < lines; from += LINES) yield block(from, Math.min(lines, from + LINES));
}

/** Rows as lines, to be read again by splitting: the fields are numbers, or words of ours that hold no separator. */
export function separated(rows: readonly (readonly (number | string)[])[], separator: ',' | '\t'): string {
  return rows.map((row) => `${row.join(separator)}\n`).join('');
}
