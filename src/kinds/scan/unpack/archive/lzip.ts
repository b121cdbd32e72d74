import { bufferOf } from '../search.ts';
import type { Input } from './run.ts';

const HEAD_BYTES = 6;
const TRAILER_BYTES = 20;
const MOST = 32;

/**
 * The members of an lzip as 7-Zip reads them, which has not this format: as LZMA with a header of its own. Each says
 * how long it is at its end.
 * @returns undefined where it is damaged, or has too many
 */
export function lzipMembers(input: Input): Input[] | undefined {
  const members: Input[] = [];
  for (let end = input.size; end > 0; ) {
    const trailer = bufferOf(input.read(Math.max(0, end - 8), end));
    const size = trailer.length === 8 ? Number(trailer.readBigUInt64LE(0)) : 0;
    const from = end - size;
    if (size < HEAD_BYTES + TRAILER_BYTES || from < 0 || members.length === MOST) return undefined;
    const head = bufferOf(input.read(from, from + HEAD_BYTES));
    if (head.toString('latin1', 0, 5) !== 'LZIP\x01') return undefined;
    members.unshift(asLzma(input, from + HEAD_BYTES, end - TRAILER_BYTES, head[5] as number));
    end = from;
  }
  return members;
}

function asLzma(input: Input, from: number, to: number, dictionary: number): Input {
  const head = Buffer.alloc(13, 0xff);
  head[0] = 0x5d;
  const size = 2 ** (dictionary & 31);
  head.writeUInt32LE(Math.min(0xffffffff, size - (size / 16) * (dictionary >> 5)), 1);
  return {
    size: head.length + to - from,
    read(begin, end) {
      const data = input.read(
        from + Math.max(0, begin - head.length),
        Math.min(to, from + Math.max(0, end - head.length)),
      );
      return begin >= head.length ? data : Buffer.concat([head.subarray(begin, end), data]);
    },
  };
}
