import type { FileType } from '../../analysis/stage.ts';
import type { Readable } from './readable.ts';

/** What is read of the directory at the end, and how many names: the marks of every kind stand near its beginning. */
const MAX_DIRECTORY = 256 * 1024;
const MAX_NAMES = 2000;
/** The record at the end, with the longest comment. */
const MAX_END = 22 + 0xffff;
const MAX_LOCAL_HEADERS = 64;

interface Kind {
  type: FileType;
  mediaType?: string;
}

/** Where the record at the end of a ZIP's directory stands, and where that directory begins and ends. */
export function zipDirectory(file: Readable): { from: number; to: number } | undefined {
  const tailFrom = Math.max(0, file.size - MAX_END);
  const tail = buffer(file.read(tailFrom, file.size));
  if (tail.length < 22) return undefined;
  for (let at = tail.lastIndexOf('PK\x05\x06', tail.length - 22, 'latin1'); at >= 0; ) {
    if (at + 22 <= tail.length) {
      const size = tail.readUInt32LE(at + 12);
      const to = tailFrom + at;
      // Counted back from the record: what stands before the first entry shifts every offset in it.
      if (size > 0 && size <= to && signature(file, to - size) === 'PK\x01\x02')
        return { from: to - size, to };
      // ZIP64, whose record and its locator lie in between.
      const offset = tail.readUInt32LE(at + 16);
      if (offset < to && signature(file, offset) === 'PK\x01\x02') return { from: offset, to };
    }
    at = at === 0 ? -1 : tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1');
  }
  return undefined;
}

/** Which of the documents and packages that are ZIPs this is, by the names in it. */
export function zipKind(file: Readable, extension: string): Kind {
  const names = directoryNames(file) ?? localNames(file);
  const has = (wanted: string) => names.some((name) => name.toLowerCase() === wanted);
  const starts = (wanted: string) => names.some((name) => name.toLowerCase().startsWith(wanted));
  const declared = declaredMediaType(file);
  if (declared === 'application/epub+zip') return { type: 'epub', mediaType: declared };
  if (declared?.startsWith('application/vnd.oasis.opendocument.'))
    return { type: 'odf', mediaType: declared };
  if (declared?.startsWith('application/vnd.sun.xml.')) return { type: 'odf', mediaType: declared };
  if (has('[content_types].xml')) return { type: 'ooxml', mediaType: officeMediaType(starts) };
  // Outlook, Word and LibreOffice open what has these even where the first entry says nothing.
  if (has('meta-inf/container.xml')) return { type: 'epub' };
  if (has('content.xml') && (has('meta-inf/manifest.xml') || has('mimetype'))) return { type: 'odf' };
  if (has('androidmanifest.xml')) return { type: 'apk' };
  if (has('meta-inf/manifest.mf') || ['jar', 'war', 'ear'].includes(extension)) return { type: 'jar' };
  return { type: 'zip' };
}

function officeMediaType(starts: (prefix: string) => boolean): string {
  const office = 'application/vnd.openxmlformats-officedocument';
  if (starts('word/')) return `${office}.wordprocessingml.document`;
  if (starts('xl/')) return `${office}.spreadsheetml.sheet`;
  if (starts('ppt/')) return `${office}.presentationml.presentation`;
  return 'application/vnd.openxmlformats-package';
}

function directoryNames(file: Readable): string[] | undefined {
  const directory = zipDirectory(file);
  if (!directory) return undefined;
  const bytes = buffer(file.read(directory.from, Math.min(directory.to, directory.from + MAX_DIRECTORY)));
  const names: string[] = [];
  for (let at = 0; at + 46 <= bytes.length && names.length < MAX_NAMES; ) {
    if (bytes.toString('latin1', at, at + 4) !== 'PK\x01\x02') break;
    const nameLength = bytes.readUInt16LE(at + 28);
    names.push(bytes.toString('latin1', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return names;
}

/** Names by the headers before each entry, for an archive whose end is missing. */
function localNames(file: Readable): string[] {
  const names: string[] = [];
  for (let at = 0; names.length < MAX_LOCAL_HEADERS; ) {
    const header = buffer(file.read(at, at + 30));
    if (header.length < 30 || header.toString('latin1', 0, 4) !== 'PK\x03\x04') break;
    const nameLength = header.readUInt16LE(26);
    names.push(buffer(file.read(at + 30, at + 30 + nameLength)).toString('latin1'));
    // With a data descriptor the size stands after the data, where only an unpacker finds it.
    if (header.readUInt16LE(6) & 8) break;
    at += 30 + nameLength + header.readUInt16LE(28) + header.readUInt32LE(18);
  }
  return names;
}

/** The content of a first entry called `mimetype`, which books and OpenDocument have, stored and not packed. */
function declaredMediaType(file: Readable): string | undefined {
  const header = buffer(file.read(0, 256));
  if (header.length < 38 || header.toString('latin1', 30, 38) !== 'mimetype') return undefined;
  if (header.readUInt16LE(8) !== 0) return undefined;
  const from = 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  return /^[\w.+-]+\/[\w.+-]+/.exec(header.toString('latin1', from, from + 100).split('PK')[0] ?? '')?.[0];
}

function signature(file: Readable, at: number): string {
  return buffer(file.read(at, at + 4)).toString('latin1');
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
