import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Refusals } from './refusals.ts';

/** Takes bytes off a stream in the pieces that a format has, and holds no more than the piece asked for. */
export class ByteStream {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next bytes; fewer where the stream ends. */
  async read(count: number): Promise<Uint8Array> {
    const target = new Uint8Array(count);
    return target.subarray(0, await this.readInto(target));
  }

  /** Returns how many bytes there were. */
  async readInto(target: Uint8Array): Promise<number> {
    let filled = 0;
    for await (const piece of this.pieces(target.length)) {
      target.set(piece, filled);
      filled += piece.length;
    }
    return filled;
  }

  /** Returns how many bytes there were. */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    for await (const piece of this.pieces(count)) skipped += piece.length;
    return skipped;
  }

  /** Bytes that were read, to be read again. */
  putBack(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([bytes, this.#rest]);
  }

  /** Lets go of what the stream comes from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** The next bytes as they come; fewer where the stream ends. */
  async *pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) return;
        this.#rest = next.value;
        continue;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

/** Bytes that can be streamed from the beginning more than once. */
export interface Bytes {
  size: number;
  open(): AsyncIterable<Uint8Array>;
}

const CHUNK = 1024 ** 2;

export function bytesOf(content: Uint8Array): Bytes {
  return {
    size: content.length,
    async *open() {
      for (let at = 0; at < content.length; at += CHUNK) yield content.subarray(at, at + CHUNK);
    },
  };
}

export function bytesOfFile(path: string, size: number): Bytes {
  return { size, open: () => createReadStream(path, { highWaterMark: CHUNK }) };
}

/** @throws what `refusals` says of a gzip that is damaged or cut off */
export async function* gunzipped(
  packed: AsyncIterable<Uint8Array>,
  refusals: Refusals,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed, { objectMode: false });
  const unpacking = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => unpacking.destroy(error));
  unpacking.on('close', () => source.destroy());
  try {
    yield* source.pipe(unpacking);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw error;
    throw code === 'Z_BUF_ERROR'
      ? refusals.unreadable('is cut off: its gzip ends before its end', 'Send it again.', { cause: error })
      : refusals.unreadable('is damaged: its gzip cannot be unpacked', 'Send it again.', { cause: error });
  } finally {
    unpacking.destroy();
  }
}
