import { Readable } from 'node:stream';
import { createBrotliDecompress } from 'node:zlib';
import type { ScannedFile } from '../../analysis/stage.ts';
import type { ChildSink } from '../unpacker.ts';
import { DEFLATED, decode, decodeUpTo } from '../zip/decode.ts';
import type { Input } from './run.ts';

/** What Node.js decompresses, and 7-Zip does not. */
export type NodeStream = 'zlib' | 'brotli';

/** So much of a stream shows that it is one: two bytes are all the mark that zlib has. */
const TRIED = 4096;
/** The checksum at the end of a zlib stream. */
const ADLER_BYTES = 4;

/** @returns undefined where it is neither; Brotli has no mark, so the name must say it */
export async function nodeStreamOf(file: Pick<ScannedFile, 'name'> & Input): Promise<NodeStream | undefined> {
  if (/\.br$/i.test(file.name)) return 'brotli';
  const [first = 0, second = 0] = file.read(0, 2);
  if ((first & 0x0f) !== DEFLATED || first >> 4 > 7 || (first * 256 + second) % 31 !== 0 || second & 0x20)
    return undefined;
  const decoded = await decodeUpTo(file, zlibOf(file), TRIED);
  return !decoded || (decoded.complete && decoded.size > 0) ? 'zlib' : undefined;
}

const zlibOf = ({ size }: Input) => ({ dataAt: 2, limit: size, method: DEFLATED });

/** @returns why something was not looked at */
export async function unpackNodeStream(
  file: Input,
  kind: NodeStream,
  name: string,
  sink: ChildSink,
): Promise<string[]> {
  const writer = sink.open(name);
  const write = (bytes: Uint8Array) => writer.write(bytes);
  if (kind === 'zlib') {
    const { complete, consumed } = await decode(file, zlibOf(file), write);
    if (!complete) return ['Its data is damaged, or cut off.'];
    writer.end();
    return 2 + consumed + ADLER_BYTES < file.size
      ? ['Something follows its end, and was not looked at.']
      : [];
  }
  if (!(await decodeBrotli(file, write))) return ['Its data is damaged, cut off, or not Brotli.'];
  writer.end();
  return [];
}

const BLOCK = 65_536;

async function decodeBrotli(input: Input, take: (bytes: Uint8Array) => void): Promise<boolean> {
  const source = Readable.from(blocks(input), { objectMode: false });
  const brotli = createBrotliDecompress();
  source.pipe(brotli);
  try {
    for await (const piece of brotli) take(piece as Uint8Array);
    return brotli.bytesWritten === input.size;
  } catch (error) {
    const { code } = (error ?? {}) as { code?: unknown };
    if (typeof code !== 'string' || !/^(?:Z_|ERR_BROTLI|ERR__ERROR)/.test(code)) throw error;
    return false;
  } finally {
    source.destroy();
  }
}

function* blocks(input: Input): Generator<Uint8Array> {
  for (let at = 0; at < input.size; at += BLOCK)
    yield input.read(at, Math.min(at + BLOCK, input.size)).slice();
}
