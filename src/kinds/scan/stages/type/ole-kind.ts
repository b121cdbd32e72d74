import type { FileType } from '../../analysis/stage.ts';
import { utf16 } from '../../documents/bytes.ts';
import type { Readable } from './readable.ts';

/** Directory sectors that are read: of 4 names each in most files; the marks of every kind are among the first. */
const MAX_SECTORS = 64;
const FAT_SECTORS_IN_HEADER = 109;
const END_OF_CHAIN = 0xfffffffa;

/** By the class of the root, for what says so there and has stream names that are encoded. */
const byClass: Readonly<Record<string, FileType>> = {
  '84100c0000000000c000000000000046': 'msi',
  '86100c0000000000c000000000000046': 'msi',
  '82100c0000000000c000000000000046': 'msi',
};

const byStream: readonly (readonly [RegExp, FileType])[] = [
  [/^worddocument$/i, 'doc'],
  [/^(?:workbook|book)$/i, 'xls'],
  [/^powerpoint document$/i, 'ppt'],
  [/^__(?:properties_version1\.0|nameid_version1\.0)$/i, 'msg'],
];

/** Which kind of compound file (MS-CFB) this is, from its directory alone. */
export function oleKind(file: Readable): FileType {
  const header = buffer(file.read(0, 512));
  if (header.length < 512) return 'ole';
  const shift = header.readUInt16LE(30);
  if (shift < 7 || shift > 16) return 'ole';
  const sectorSize = 2 ** shift;
  const seen = new Set<number>();
  let sector = header.readUInt32LE(48);
  let found: FileType = 'ole';
  for (let count = 0; count < MAX_SECTORS && sector < END_OF_CHAIN && !seen.has(sector); count++) {
    seen.add(sector);
    const bytes = buffer(file.read((sector + 1) * sectorSize, (sector + 2) * sectorSize));
    for (let at = 0; at + 128 <= bytes.length; at += 128) {
      const isRoot = bytes[at + 66] === 5;
      if (isRoot) found = byClass[bytes.toString('hex', at + 80, at + 96)] ?? found;
      const name = utf16(bytes.subarray(at, at + Math.max(0, Math.min(64, bytes.readUInt16LE(at + 64)) - 2)));
      const kind = byStream.find(([pattern]) => pattern.test(name))?.[1];
      // A message may hold a document whose streams stand in the same directory: what is a message stays one.
      if (kind && found === 'ole') found = kind;
      if (kind === 'msg') return kind;
    }
    sector = nextSector(file, header, sector, sectorSize);
  }
  return found;
}

function nextSector(file: Readable, header: Buffer, sector: number, sectorSize: number): number {
  const perSector = sectorSize / 4;
  const fat = Math.floor(sector / perSector);
  if (fat >= FAT_SECTORS_IN_HEADER) return END_OF_CHAIN;
  const fatSector = header.readUInt32LE(76 + 4 * fat);
  if (fatSector >= END_OF_CHAIN) return END_OF_CHAIN;
  const at = (fatSector + 1) * sectorSize + 4 * (sector % perSector);
  const entry = buffer(file.read(at, at + 4));
  return entry.length === 4 ? entry.readUInt32LE(0) : END_OF_CHAIN;
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
