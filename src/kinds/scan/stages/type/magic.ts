import type { FileType } from '../../analysis/stage.ts';
import { isText } from '../../text/read-text.ts';
import type { Readable } from './readable.ts';

/** Where ISO 9660 and UDF have their volume descriptors. */
const VOLUME_DESCRIPTORS = 0x8000;

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ascii = (text: string) => Buffer.from(text, 'latin1');

/** Containers and programs whose first bytes say it all. Media are told by `file-type`. */
const signatures: readonly (readonly [Buffer, FileType])[] = [
  [ascii('%PDF-'), 'pdf'],
  [hex('d0cf11e0 a1b11ae1'), 'ole'],
  [hex('1f8b08'), 'gzip'],
  [hex('fd377a58 5a00'), 'xz'],
  [hex('28b52ffd'), 'zstd'],
  [hex('377abcaf 271c'), '7z'],
  [ascii('Rar!\x1a\x07'), 'rar'],
  [ascii('RE~^'), 'rar'],
  [ascii('MSCF\0\0\0\0'), 'cab'],
  [hex('edabeedb'), 'rpm'],
  [ascii('!<arch>\ndebian'), 'deb'],
  [ascii('!<arch>\n'), 'ar'],
  [ascii('070701'), 'cpio'],
  [ascii('070702'), 'cpio'],
  [ascii('070707'), 'cpio'],
  [ascii('xar!'), 'xar'],
  [ascii('LZIP\x01'), 'lzip'],
  // A OneNote section, and a table of contents.
  [hex('e4525c7b 8cd8a74d aeb15378 d02996d3'), 'onenote'],
  [hex('a12ff43f d9ef764c 9ee210ea 5722765f'), 'onenote'],
  [hex('4c000000 01140200 00000000 c0000000 00000046'), 'lnk'],
  [hex('7f454c46'), 'elf'],
  [hex('feedface'), 'macho'],
  [hex('feedfacf'), 'macho'],
  [hex('cefaedfe'), 'macho'],
  [hex('cffaedfe'), 'macho'],
  [hex('cafebabf'), 'macho'],
  [ascii('dex\n'), 'dex'],
  [ascii('\0asm'), 'wasm'],
  [ascii('SQLite format 3\0'), 'sqlite'],
];

/** What `head`, the beginning of a file, says by itself, for what `file-type` lacks or is looser about. */
export function magicOf(head: Buffer): FileType | undefined {
  if (isZipStart(head)) return 'zip';
  if (isRtf(head)) return 'rtf';
  if (head.length > 3 && head.toString('latin1', 0, 2) === 'MZ') return isProgram(head) ? 'pe' : undefined;
  // Fat Mach-O and Java classes begin alike; the number of architectures is small, a class's version is not.
  if (startsWith(head, hex('cafebabe')) && head.length >= 8)
    return head.readUInt32BE(4) < 0x2d ? 'macho' : 'class';
  if (isBzip2(head)) return 'bzip2';
  if (isBinaryCpio(head)) return 'cpio';
  if (isCompress(head)) return 'z';
  // Frames of zstd that are skipped may come first.
  if (head.length >= 4 && (head[0] as number) >> 4 === 5 && startsWith(head.subarray(1), hex('2a4d18')))
    return 'zstd';
  if (/^-(?:lh[\dxd]|lz[45s]|pm[012s])-$/.test(head.toString('latin1', 2, 7))) return 'lzh';
  if (isArj(head)) return 'arj';
  const found = signatures.find(([signature]) => startsWith(head, signature))?.[1];
  if (found) return found;
  if (isTar(head)) return 'tar';
  return undefined;
}

/** Whether a volume of ISO 9660 or UDF is here. Its first 32 KiB may hold anything. */
export function isDisc(file: Readable): boolean {
  const names = ['CD001', 'BEA01', 'NSR02', 'NSR03', 'CDW02'];
  return names.includes(
    Buffer.from(file.read(VOLUME_DESCRIPTORS + 1, VOLUME_DESCRIPTORS + 6)).toString('latin1'),
  );
}

/** A PDF whose mark does not come first: readers look for it in the first 1,024 bytes. */
export function isLatePdf(head: Buffer): boolean {
  const start = head.subarray(0, 1024 + 8).toString('latin1');
  const at = start.search(/%PDF-\d\.\d/);
  return at >= 0 && /\bobj\b/.test(head.subarray(at, at + 4096).toString('latin1'));
}

function startsWith(head: Buffer, signature: Buffer): boolean {
  return (
    head.length >= signature.length && head.compare(signature, 0, signature.length, 0, signature.length) === 0
  );
}

/** An entry, the end of an empty archive, and the marks of an archive in parts before an entry. */
const zipStarts = ['504b0304', '504b0506', '504b3030 504b0304', '504b0708 504b0304'].map(hex);

function isZipStart(head: Buffer): boolean {
  return zipStarts.some((start) => startsWith(head, start));
}

/** A block, or the end of an empty archive, after the mark. */
function isBzip2(head: Buffer): boolean {
  const block = head.toString('hex', 4, 10);
  return (
    /^BZh[1-9]$/.test(head.toString('latin1', 0, 4)) && (block === '314159265359' || block === '177245385090')
  );
}

/** Two bytes are the mark: a name must stand where the header says. */
function isBinaryCpio(head: Buffer): boolean {
  const little = startsWith(head, hex('c771'));
  if (head.length < 28 || (!little && !startsWith(head, hex('71c7')))) return false;
  const nameLength = little ? head.readUInt16LE(20) : head.readUInt16BE(20);
  return nameLength > 1 && nameLength <= 4096 && head.indexOf(0, 26) === 26 + nameLength - 1;
}

/** The mark of `compress` is two bytes: the third says 9 to 16 bits, and has two that are not used. */
function isCompress(head: Buffer): boolean {
  const flags = head[2] ?? 0;
  return startsWith(head, hex('1f9d')) && (flags & 0x60) === 0 && (flags & 0x1f) >= 9 && (flags & 0x1f) <= 16;
}

/** Word opens what begins with `{\rt`, whatever follows, and blanks before it. */
function isRtf(head: Buffer): boolean {
  return /^\s*\{\\rt/.test(head.toString('latin1', 0, 64));
}

/** `MZ` and the mark of a newer format where its header says, or a header for DOS that makes sense. */
function isProgram(head: Buffer): boolean {
  if (head.length < 64) return !isText(head);
  const newer = head.readUInt32LE(60);
  if (newer + 4 <= head.length && /^(?:PE\0\0|NE|LE|LX)/.test(head.toString('latin1', newer, newer + 4)))
    return true;
  return !isText(head.subarray(0, 512));
}

function isArj(head: Buffer): boolean {
  if (head.length < 11 || head[0] !== 0x60 || head[1] !== 0xea) return false;
  const headerSize = head.readUInt16LE(2);
  return headerSize >= 10 && headerSize <= 2600 && (head[10] as number) <= 4;
}

/** By the checksum of its first header, since archives before POSIX have no mark. */
function isTar(head: Buffer): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  const written = /^ *([0-7]{1,7})[ \0]/.exec(head.toString('latin1', 148, 156))?.[1];
  if (!written) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += head[at] as number;
  return sum === Number.parseInt(written, 8);
}
