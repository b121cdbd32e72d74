import { crc32 } from 'node:zlib';
import type { Input } from '../archive/run.ts';
import { bufferOf } from '../search.ts';

export const LOCAL = Buffer.from('PK\x03\x04', 'latin1');
export const CENTRAL = Buffer.from('PK\x01\x02', 'latin1');
export const END = Buffer.from('PK\x05\x06', 'latin1');
export const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1');
const END64 = Buffer.from('PK\x06\x06', 'latin1');
const LOCATOR64 = Buffer.from('PK\x06\x07', 'latin1');

export const ENCRYPTED = 1;
export const HAS_DESCRIPTOR = 8;
const MASKED = 1 << 13;
const UTF8 = 1 << 11;
const ALL_ONES = 0xffffffff;

/** What the two headers of an entry both have. */
export interface Header {
  flags: number;
  method: number;
  time: number;
  crc: number;
  compressed: number;
  size: number;
  name: Buffer;
  extra: Buffer;
}

export interface LocalHeader extends Header {
  at: number;
  dataAt: number;
}

export interface CentralHeader extends Header {
  /** As it says, from the beginning of the archive. */
  localAt: number;
  /** Of a file system, in the upper half. */
  attributes: number;
  disk: number;
}

export function readLocal(input: Input, at: number): LocalHeader | undefined {
  const head = bufferOf(input.read(at, at + 30));
  if (head.length < 30 || !head.subarray(0, 4).equals(LOCAL)) return undefined;
  const nameEnd = at + 30 + head.readUInt16LE(26);
  const dataAt = nameEnd + head.readUInt16LE(28);
  if (dataAt > input.size) return undefined;
  const header: LocalHeader = {
    at,
    dataAt,
    flags: head.readUInt16LE(6),
    method: head.readUInt16LE(8),
    time: head.readUInt32LE(10),
    crc: head.readUInt32LE(14),
    compressed: head.readUInt32LE(18),
    size: head.readUInt32LE(22),
    name: Buffer.from(input.read(at + 30, nameEnd)),
    extra: Buffer.from(input.read(nameEnd, dataAt)),
  };
  const wide = extraField(header.extra, 1);
  if (wide && wide.length >= 16 && header.size === ALL_ONES) {
    header.size = Number(wide.readBigUInt64LE(0));
    header.compressed = Number(wide.readBigUInt64LE(8));
  }
  return header;
}

/** The headers of a directory, up to where there is none. */
export function readDirectory(input: Input, from: number, to: number, most: number): CentralHeader[] {
  const headers: CentralHeader[] = [];
  let at = from;
  while (at + 46 <= to && headers.length < most) {
    const head = bufferOf(input.read(at, at + 46));
    if (head.length < 46 || !head.subarray(0, 4).equals(CENTRAL)) break;
    const nameEnd = at + 46 + head.readUInt16LE(28);
    const extraEnd = nameEnd + head.readUInt16LE(30);
    const header: CentralHeader = {
      flags: head.readUInt16LE(8),
      method: head.readUInt16LE(10),
      time: head.readUInt32LE(12),
      crc: head.readUInt32LE(16),
      compressed: head.readUInt32LE(20),
      size: head.readUInt32LE(24),
      disk: head.readUInt16LE(34),
      attributes: head.readUInt32LE(38),
      localAt: head.readUInt32LE(42),
      name: Buffer.from(input.read(at + 46, nameEnd)),
      extra: Buffer.from(input.read(nameEnd, extraEnd)),
    };
    at = extraEnd + head.readUInt16LE(32);
    widen(header);
    headers.push(header);
  }
  return headers;
}

/** ZIP64 has the fields that are all ones, in this order. */
function widen(header: CentralHeader): void {
  const wide = extraField(header.extra, 1);
  if (!wide) return;
  let at = 0;
  for (const field of ['size', 'compressed', 'localAt'] as const) {
    if (header[field] !== ALL_ONES || at + 8 > wide.length) continue;
    header[field] = Number(wide.readBigUInt64LE(at));
    at += 8;
  }
}

export interface Directory {
  headers: CentralHeader[];
  from: number;
  endAt: number;
  /** What lies before the archive, so that offsets are to be counted from there. */
  shift: number;
  disks: number;
}

/** The directory that a record of its end, at `endAt`, tells of. Nothing that it says is believed without a look. */
export function directoryAt(input: Input, endAt: number, most: number): Directory | undefined {
  const end = bufferOf(input.read(endAt, endAt + 22));
  if (end.length < 22) return undefined;
  let [size, offset] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  let directoryEnd = endAt;
  const wide = wideEnd(input, endAt);
  if (wide && (size === ALL_ONES || offset === ALL_ONES || end.readUInt16LE(10) === 0xffff))
    ({ size, offset, at: directoryEnd } = wide);
  const disks = Math.max(end.readUInt16LE(4), end.readUInt16LE(6));
  const isThere = (at: number) => at >= 0 && bufferOf(input.read(at, at + 4)).equals(CENTRAL);
  // Where it must be by its size, and where it says it is: readers go by either.
  const [longest] = [...new Set([directoryEnd - size, offset])]
    .filter(isThere)
    .map((from) => ({ from, headers: readDirectory(input, from, directoryEnd, most) }))
    .sort((one, other) => other.headers.length - one.headers.length);
  const numbered = disks === 0xffff ? 0 : disks;
  if (!longest) return { headers: [], from: endAt, endAt, shift: 0, disks: numbered };
  return { ...longest, endAt, shift: longest.from - offset, disks: numbered };
}

function wideEnd(input: Input, endAt: number): { size: number; offset: number; at: number } | undefined {
  const locator = bufferOf(input.read(Math.max(0, endAt - 20), endAt));
  if (locator.length < 20 || !locator.subarray(0, 4).equals(LOCATOR64)) return undefined;
  // Where it says that the record is, or right before it, where something lies before the archive.
  for (const at of [Number(locator.readBigUInt64LE(8)), endAt - 20 - 56]) {
    const record = bufferOf(input.read(at, at + 56));
    if (record.length === 56 && record.subarray(0, 4).equals(END64))
      return { size: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)), at };
  }
  return undefined;
}

function extraField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  return undefined;
}

/** The upper half of code page 437, which names are in that do not say otherwise. */
const upper437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The name as a reader would show it: by its extra field in Unicode, as UTF-8 where it is that, else as DOS has it. */
export function nameOf(header: Header): string {
  const unicode = extraField(header.extra, 0x7075);
  const isOfThisName = unicode && unicode.length > 5 && unicode.readUInt32LE(1) === crc32(header.name);
  return isOfThisName ? unicode.toString('utf8', 5) : plainName(header);
}

function plainName({ name, flags }: Header): string {
  try {
    return new TextDecoder('utf-8', { fatal: !(flags & UTF8), ignoreBOM: true }).decode(name);
  } catch {
    return Array.from(name, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : upper437.charAt(byte - 128),
    ).join('');
  }
}

/** Whether two headers name the same file; where the directory is encrypted, local names are masked. */
export function sameName(one: Header, other: Header): boolean {
  if (one.name.equals(other.name) || (one.flags | other.flags) & MASKED) return true;
  const plain = (header: Header) =>
    plainName(header).normalize().replaceAll('\\', '/').replace(/\/$/, '').toLowerCase();
  return plain(one) === plain(other) || nameOf(one) === nameOf(other);
}
