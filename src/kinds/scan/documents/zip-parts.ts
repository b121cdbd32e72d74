import { inflateRawSync } from 'node:zlib';
import type { ScannedFile } from '../analysis/stage.ts';
import { bufferOf } from './bytes.ts';

export interface ZipPart {
  name: string;
  encrypted: boolean;
  /** Where its local header begins. */
  offset: number;
}

interface Entry extends ZipPart {
  method: number;
  packedBytes: number;
}

const MOST_PARTS = 10_000;
/** What all parts of one document may take together. */
const MOST_BYTES = 128 * 1024 ** 2;
const MOST_OF_ONE = 32 * 1024 ** 2;
/** Of a larger file, its directory is looked for at its end, and parts without one at its beginning. */
const MOST_SEARCHED = 32 * 1024 ** 2;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = Buffer.from('PK\x05\x06', 'latin1');
const END_64 = 0x06064b50;

/** The parts of a document that is a ZIP; enough of the format for what office programs write, and nothing more. */
export class ZipParts {
  readonly parts: ZipPart[];
  /** What could not be read, one sentence each. */
  readonly problems: string[] = [];
  readonly #file: Pick<ScannedFile, 'size' | 'read'>;
  #left = MOST_BYTES;

  /** @param file is read part by part, since a film in a presentation may make it large */
  constructor(file: Pick<ScannedFile, 'size' | 'read'>) {
    this.#file = file;
    this.parts = this.#fromDirectory() ?? this.#fromLocalHeaders();
  }

  /** The bytes of a part; null, and a problem, where it can't be read. */
  read(part: ZipPart): Uint8Array | null {
    const { method, packedBytes, offset, name, encrypted } = part as Entry;
    const problem = (what: string) => {
      this.problems.push(`The part "${name}" ${what}.`);
      return null;
    };
    if (encrypted) return problem('is encrypted');
    const header = bufferOf(this.#file.read(offset, offset + 30));
    if (header.length < 30 || header.readUInt32LE(0) !== LOCAL) return problem('is missing');
    const begin = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (begin + packedBytes > this.#file.size) return problem('is cut off');
    if (method !== 0 && method !== 8)
      return problem(`is packed by method ${method}, which documents don't use`);
    const limit = Math.min(MOST_OF_ONE, this.#left);
    if (limit <= 0) return problem(`is beyond the ${MOST_BYTES} bytes that all parts may have`);
    if (packedBytes > limit) return problem(`is larger than ${limit} bytes`);
    const packed = this.#file.read(begin, begin + packedBytes);
    try {
      const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: limit });
      if (content.length > limit) return problem(`is larger than ${limit} bytes`);
      this.#left -= content.length;
      return content;
    } catch (error) {
      const tooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
      // It was unpacked that far, and a thousand more may be as large.
      this.#left -= tooLarge ? limit : 0;
      return problem(tooLarge ? `is larger than ${limit} bytes` : 'is damaged');
    }
  }

  /** Null where there is no directory, or none that can be followed. */
  #fromDirectory(): Entry[] | null {
    const { size: fileSize } = this.#file;
    const base = Math.max(0, fileSize - MOST_SEARCHED);
    const buffer = bufferOf(this.#file.read(base, fileSize));
    const end = buffer.lastIndexOf(END);
    if (end < 0 || end + 22 > buffer.length) return null;
    let size = buffer.readUInt32LE(end + 12);
    let stated = buffer.readUInt32LE(end + 16);
    let directoryEnd = end;
    const longEnd = end - 20 - 56;
    if (longEnd >= 0 && buffer.readUInt32LE(longEnd) === END_64) {
      size = Number(buffer.readBigUInt64LE(longEnd + 40));
      stated = Number(buffer.readBigUInt64LE(longEnd + 48));
      directoryEnd = longEnd;
    }
    // Offsets count from the first byte of the archive, and something may stand before it.
    let at = directoryEnd - size;
    const shift = base + at - stated;
    if (at < 0) return null;
    const found: Entry[] = [];
    while (at + 46 <= directoryEnd && buffer.readUInt32LE(at) === CENTRAL) {
      if (found.length >= MOST_PARTS) {
        this.problems.push(`It has more than ${MOST_PARTS} parts.`);
        break;
      }
      const nameLength = buffer.readUInt16LE(at + 28);
      const extra = buffer.subarray(
        at + 46 + nameLength,
        at + 46 + nameLength + buffer.readUInt16LE(at + 30),
      );
      found.push({
        name: buffer.toString('utf8', at + 46, at + 46 + nameLength),
        encrypted: (buffer.readUInt16LE(at + 8) & 1) !== 0,
        method: buffer.readUInt16LE(at + 10),
        ...longNumbers(extra, buffer.readUInt32LE(at + 20), buffer.readUInt32LE(at + 24), {
          offset: buffer.readUInt32LE(at + 42),
        }),
      });
      at += 46 + nameLength + extra.length + buffer.readUInt16LE(at + 32);
    }
    return found.map((entry) => ({ ...entry, offset: Math.max(0, entry.offset + shift) }));
  }

  #fromLocalHeaders(): Entry[] {
    this.problems.push('The directory of its ZIP is missing: it is cut off or damaged.');
    const buffer = bufferOf(this.#file.read(0, MOST_SEARCHED));
    const found: Entry[] = [];
    const magic = Buffer.from('PK\x03\x04', 'latin1');
    for (
      let at = buffer.indexOf(magic);
      at >= 0 && at + 30 <= buffer.length;
      at = buffer.indexOf(magic, at + 4)
    ) {
      if (found.length >= MOST_PARTS) break;
      const flags = buffer.readUInt16LE(at + 6);
      const nameLength = buffer.readUInt16LE(at + 26);
      // Sizes that follow the content are not known here; what is left of the file holds at least the part.
      const stated = buffer.readUInt32LE(at + 18);
      found.push({
        name: buffer.toString('utf8', at + 30, at + 30 + nameLength),
        encrypted: (flags & 1) !== 0,
        method: buffer.readUInt16LE(at + 8),
        packedBytes: (flags & 8) !== 0 && stated === 0 ? 0 : stated,
        offset: at,
      });
    }
    return found;
  }
}

/** ZIP64: numbers that don't fit stand in an extra field, in this order, and only those. */
function longNumbers(extra: Buffer, packed: number, unpacked: number, { offset }: { offset: number }) {
  const all = 0xffffffff;
  const numbers = { packedBytes: packed, offset };
  if (packed !== all && offset !== all && unpacked !== all) return numbers;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    const take = () => {
      const value = next + 8 <= extra.length ? Number(extra.readBigUInt64LE(next)) : 0;
      next += 8;
      return value;
    };
    if (unpacked === all) take();
    if (packed === all) numbers.packedBytes = take();
    if (offset === all) numbers.offset = take();
    break;
  }
  return numbers;
}
