import type { Input } from './archive/run.ts';

/** Less than what a reader keeps at hand: hits that are close to one another cost one read. */
const BLOCK = 64 * 1024;

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Where a pattern begins between `from` and `to`, at most `most` times; read by blocks. */
export function findAll(input: Input, pattern: Buffer, from: number, to: number, most: number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at += BLOCK) {
    const end = Math.min(at + BLOCK, to);
    // A pattern may reach over the end of a block, but not over `to`.
    const block = bufferOf(input.read(at, Math.min(end + pattern.length - 1, to)));
    for (let hit = block.indexOf(pattern); hit >= 0; hit = block.indexOf(pattern, hit + 1)) {
      if (found.push(at + hit) >= most) return found;
    }
  }
  return found;
}

/** The last place where a pattern begins between `from` and `to` and `fits`. */
export function findLast(
  input: Input,
  pattern: Buffer,
  from: number,
  to: number,
  fits: (at: number) => boolean,
): number | undefined {
  for (let end = to; end > from; end -= BLOCK) {
    const at = Math.max(from, end - BLOCK);
    const block = bufferOf(input.read(at, Math.min(end + pattern.length - 1, to)));
    for (let hit = block.lastIndexOf(pattern); hit >= 0; hit = hit && block.lastIndexOf(pattern, hit - 1)) {
      if (fits(at + hit)) return at + hit;
      if (hit === 0) break;
    }
  }
  return undefined;
}
