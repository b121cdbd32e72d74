import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { Input } from '../archive/run.ts';

export const STORED = 0;
export const DEFLATED = 8;

export interface Decoded {
  /** Compressed bytes that were used. */
  consumed: number;
  /** Whether the end was where it must be. */
  complete: boolean;
  size: number;
  crc: number;
}

/** Where an entry's data is, and how it is packed. */
export interface Packed {
  dataAt: number;
  /** Where it ends at the latest. */
  limit: number;
  method: number;
}

const BLOCK = 64 * 1024;
const SMALL = 1024 ** 2;

/**
 * Reads what is stored or deflated.
 * @param take is called with every piece as it comes, and may throw to end it
 */
export async function decode(
  input: Input,
  packed: Packed,
  take: (bytes: Uint8Array) => void,
): Promise<Decoded> {
  const decoded: Decoded = { consumed: 0, complete: false, size: 0, crc: 0 };
  const count = (bytes: Uint8Array) => {
    decoded.size += bytes.length;
    decoded.crc = crc32(bytes, decoded.crc);
    take(bytes);
  };
  if (packed.method === STORED) {
    for (const block of blocks(input, packed)) {
      decoded.consumed += block.length;
      count(block);
    }
    decoded.complete = decoded.consumed === packed.limit - packed.dataAt;
    return decoded;
  }
  if (inflateSmall(input, packed, decoded, count)) return decoded;
  const inflate = createInflateRaw({ chunkSize: 4 * BLOCK });
  const source = Readable.from(blocks(input, packed), { objectMode: false });
  source.pipe(inflate);
  try {
    for await (const piece of inflate) count(piece as Uint8Array);
    decoded.complete = true;
  } catch (error) {
    // Whatever is not from zlib is thrown by who takes the bytes.
    if (!isOfZlib(error)) throw error;
  } finally {
    source.destroy();
    decoded.consumed = inflate.bytesWritten;
  }
  return decoded;
}

class Enough extends Error {}

/** The same, but for data that may be of any size. Undefined when there is more than `most`. */
export async function decodeUpTo(
  input: Input,
  packed: Packed,
  most: number,
  take: (bytes: Uint8Array) => void = () => {},
): Promise<Decoded | undefined> {
  let size = 0;
  try {
    return await decode(input, packed, (bytes) => {
      size += bytes.length;
      if (size > most) throw new Enough();
      take(bytes);
    });
  } catch (error) {
    if (error instanceof Enough) return undefined;
    throw error;
  }
}

function* blocks(input: Input, { dataAt, limit }: Packed): Generator<Uint8Array> {
  const end = Math.min(limit, input.size);
  // Who reads may get the same memory again: a stream holds more than one block.
  for (let at = dataAt; at < end; at += BLOCK) yield input.read(at, Math.min(at + BLOCK, end)).slice();
}

/** Most entries are small, and setting up a stream takes longer than to inflate them. */
function inflateSmall(
  input: Input,
  { dataAt, limit }: Packed,
  decoded: Decoded,
  count: (bytes: Uint8Array) => void,
): boolean {
  const end = Math.min(limit, input.size, dataAt + SMALL);
  let all: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    all = inflateRawSync(input.read(dataAt, end), {
      maxOutputLength: SMALL,
      info: true,
    }) as unknown as typeof all;
  } catch {
    // Too large, or damaged: then the stream gives what there is.
    return false;
  }
  count(all.buffer);
  decoded.consumed = all.engine.bytesWritten;
  decoded.complete = true;
  return true;
}

function isOfZlib(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.startsWith('Z_');
}
