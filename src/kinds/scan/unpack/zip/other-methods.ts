import type { ScannedFile } from '../../analysis/stage.ts';
import type { Input } from '../archive/run.ts';
import { unpackArchive } from '../archive/unpack-archive.ts';
import type { ChildSink, UnpackReport } from '../unpacker.ts';
import { CENTRAL, END, type Header, LOCAL } from './records.ts';

/** An entry that is encrypted, or packed by a method that Node.js has not. */
export interface OtherEntry {
  name: string;
  header: Header;
  dataAt: number;
  compressed: number;
}

/**
 * Has 7-Zip read entries from a ZIP that is put together of them, with headers that agree and a number for a name: what
 * else is in the file cannot mislead it.
 */
export async function unpackOthers(
  input: Input,
  entries: readonly OtherEntry[],
  sink: ChildSink,
  type: ScannedFile['type'],
  passwords: readonly string[],
): Promise<UnpackReport> {
  return await unpackArchive(together(input, entries), sink, {
    formats: ['zip'],
    passwords,
    type,
    rename: (written) => entries[Number.parseInt(written, 10)]?.name,
  });
}

interface Piece {
  at: number;
  size: number;
  read(from: number, to: number): Uint8Array;
}

function together(input: Input, entries: readonly OtherEntry[]): Input {
  const pieces: Piece[] = [];
  let size = 0;
  const add = (piece: Omit<Piece, 'at'>) => {
    if (piece.size > 0) pieces.push({ ...piece, at: size });
    size += piece.size;
  };
  const addBytes = (bytes: Buffer) =>
    add({ size: bytes.length, read: (from, to) => bytes.subarray(from, to) });
  const directory: Buffer[] = [];
  for (const [n, { header, dataAt, compressed }] of entries.entries()) {
    const name = Buffer.from(String(n));
    directory.push(centralHeader(header, name, compressed, size));
    addBytes(localHeader(header, name, compressed));
    add({ size: compressed, read: (from, to) => input.read(dataAt + from, dataAt + to) });
  }
  const directoryAt = size;
  addBytes(Buffer.concat(directory));
  addBytes(endRecord(entries.length, size - directoryAt, directoryAt));
  return { size, read: (from, to) => readPieces(pieces, from, Math.min(to, size)) };
}

function readPieces(pieces: readonly Piece[], from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { at, size } = pieces[middle] as Piece;
    if (at + size <= from) low = middle + 1;
    else high = middle;
  }
  for (let n = low; n < pieces.length; n++) {
    const { at, size, read } = pieces[n] as Piece;
    if (at >= to) break;
    const begin = Math.max(from, at);
    bytes.set(read(begin - at, Math.min(to, at + size) - at), begin - from);
  }
  return bytes;
}

/** Names are ASCII now. */
const withoutUtf8 = (flags: number) => flags & ~(1 << 11);

function localHeader({ flags, method, time, crc, size, extra }: Header, name: Buffer, compressed: number) {
  const head = Buffer.alloc(30);
  LOCAL.copy(head);
  head.writeUInt16LE(51, 4);
  head.writeUInt16LE(withoutUtf8(flags), 6);
  head.writeUInt16LE(method, 8);
  head.writeUInt32LE(time, 10);
  head.writeUInt32LE(crc, 14);
  head.writeUInt32LE(clipped(compressed), 18);
  head.writeUInt32LE(clipped(size), 22);
  head.writeUInt16LE(name.length, 26);
  const kept = onlyAes(extra);
  head.writeUInt16LE(kept.length, 28);
  return Buffer.concat([head, name, kept]);
}

function centralHeader(header: Header, name: Buffer, compressed: number, at: number) {
  const { flags, method, time, crc, size, extra } = header;
  const head = Buffer.alloc(46);
  CENTRAL.copy(head);
  head.writeUInt16LE(51, 4);
  head.writeUInt16LE(51, 6);
  head.writeUInt16LE(withoutUtf8(flags), 8);
  head.writeUInt16LE(method, 10);
  head.writeUInt32LE(time, 12);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(clipped(compressed), 20);
  head.writeUInt32LE(clipped(size), 24);
  head.writeUInt16LE(name.length, 28);
  const kept = onlyAes(extra);
  head.writeUInt16LE(kept.length, 30);
  head.writeUInt32LE(clipped(at), 42);
  return Buffer.concat([head, name, kept]);
}

function endRecord(count: number, size: number, at: number) {
  const end = Buffer.alloc(22);
  END.copy(end);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(clipped(size), 12);
  end.writeUInt32LE(clipped(at), 16);
  return end;
}

const clipped = (value: number) => Math.min(value, 0xfffffffe);

/** Strong encryption, and names in Unicode, are for the names as they were. */
function onlyAes(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 0x9901) return extra.subarray(at, at + 4 + extra.readUInt16LE(at + 2));
  return Buffer.alloc(0);
}
