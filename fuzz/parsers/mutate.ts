import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Values at which lengths, offsets and counts go wrong. */
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * A file that a parser has not seen: one to eight changes to a whole one.
 * @param others to take pieces from
 */
export function mutate(
  random: RandomGenerator,
  bytes: Uint8Array,
  others: readonly Uint8Array[],
): Uint8Array {
  const between = (from: number, to: number) => uniformInt(random, from, Math.max(from, to));
  let file = Uint8Array.from(bytes);
  for (let left = between(1, 8); left > 0 && file.length > 0; left--) {
    // Headers and directories are at the ends, and most bytes are payload.
    const at = between(0, 2) === 0 ? between(0, file.length - 1) : nearAnEnd(between, file.length);
    switch (between(0, 7)) {
      case 0:
        file[at] = (file[at] as number) ^ (1 << between(0, 7));
        break;
      case 1:
        file[at] = between(0, 255);
        break;
      case 2:
      case 3:
        writeExtreme(file, at, extremes[between(0, extremes.length - 1)] as number, between(0, 3));
        break;
      case 4:
        file = file.slice(0, at);
        break;
      case 5: {
        const length = between(1, Math.min(4096, file.length - at));
        file = join(file.subarray(0, at + length), file.subarray(at));
        break;
      }
      case 6: {
        const length = between(1, Math.min(4096, file.length - at));
        file = join(file.subarray(0, at), file.subarray(at + length));
        break;
      }
      default: {
        const other = others[between(0, others.length - 1)] ?? file;
        const from = between(0, Math.max(0, other.length - 1));
        const piece = other.subarray(from, from + between(1, 65_536));
        file = join(file.subarray(0, at), piece, file.subarray(at));
      }
    }
  }
  return file;
}

function nearAnEnd(between: (from: number, to: number) => number, length: number): number {
  const reach = between(0, Math.min(1024, length - 1));
  return between(0, 1) === 0 ? reach : length - 1 - reach;
}

/** As a number of 2 or 4 bytes, in either order, where there is room. */
function writeExtreme(file: Uint8Array, at: number, value: number, form: number): void {
  const size = form < 2 ? 2 : 4;
  if (at + size > file.length) return;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little = form % 2 === 0;
  if (size === 2) view.setUint16(at, value & 0xffff, little);
  else view.setUint32(at, value >>> 0, little);
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
