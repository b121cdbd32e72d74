import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { DoubletakeError } from '../../../../domain/errors.ts';
import type { Bytes } from '../byte-stream.ts';
import type { Refusals } from '../refusals.ts';

/** A file in a ZIP. */
export interface ZipEntry extends Bytes {
  name: string;
}

const MOST_ENTRIES = 20_000;
/** What all files of a ZIP may have unpacked: twice what a volume of the largest size takes, since series come in more than one. */
const MOST_BYTES = 2 * 1024 ** 3;

/**
 * Lists the files of a ZIP, without unpacking any, and has `use` read them. What a file has unpacked is counted against what the directory says, by
 * yauzl, and that against a limit, here.
 */
export async function withZip<Result>(
  source: string | Uint8Array,
  refusals: Refusals,
  use: (entries: ZipEntry[]) => Promise<Result>,
): Promise<Result> {
  const options = { autoClose: false, lazyEntries: true } as const;
  const zip = await inOurWords(refusals, () =>
    typeof source === 'string'
      ? yauzl.openPromise(source, options)
      : yauzl.fromBufferPromise(bufferOf(source), options),
  );
  try {
    return await use(await inOurWords(refusals, () => list(zip, refusals)));
  } finally {
    zip.close();
  }
}

async function list(zip: yauzl.ZipFile, refusals: Refusals): Promise<ZipEntry[]> {
  if (zip.entryCount > MOST_ENTRIES) {
    throw refusals.tooLarge(
      `has ${zip.entryCount} files; ${MOST_ENTRIES} is the most`,
      'Send one series in the ZIP.',
    );
  }
  const entries: ZipEntry[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/') || isRubbish(entry.fileName)) continue;
    if (!entry.canDecodeFileData()) {
      const how = entry.isEncrypted() ? 'is encrypted' : `is packed by method ${entry.compressionMethod}`;
      throw refusals.unreadable(`has a file that ${how}`, 'Send a ZIP without a password, packed as usual.');
    }
    total += entry.uncompressedSize;
    if (total > MOST_BYTES) {
      throw refusals.tooLarge(
        `would have more than ${MOST_BYTES / 1024 ** 3} GiB unpacked`,
        'Send one series in the ZIP.',
      );
    }
    entries.push({
      name: entry.fileName,
      size: entry.uncompressedSize,
      open: () => streamOf(zip, entry, refusals),
    });
  }
  return entries;
}

async function* streamOf(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  refusals: Refusals,
): AsyncGenerator<Uint8Array> {
  const stream: Readable = await inOurWords(refusals, () => zip.openReadStreamPromise(entry));
  const chunks = stream[Symbol.asyncIterator]();
  let sum = 0;
  try {
    for (;;) {
      const { done, value } = await inOurWords(refusals, () => chunks.next());
      if (done) break;
      sum = crc32(value, sum);
      yield value;
    }
    if (sum !== entry.crc32) throw damaged(refusals);
  } finally {
    stream.destroy();
  }
}

/** What file managers put beside the files that people meant. */
function isRubbish(name: string): boolean {
  const last = name.split('/').at(-1) as string;
  return name.startsWith('__MACOSX/') || last.startsWith('._') || ['.DS_Store', 'Thumbs.db'].includes(last);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What the reader of ZIPs says of damage has the names of files in it, and these may be names of people. */
async function inOurWords<T>(refusals: Refusals, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DoubletakeError) throw error;
    throw damaged(refusals);
  }
}

function damaged(refusals: Refusals): Error {
  return refusals.unreadable('is a ZIP that is cut off or damaged', 'Send it again.');
}
