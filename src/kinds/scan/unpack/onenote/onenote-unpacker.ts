import { bufferOf, utf16 } from '../../documents/bytes.ts';
import { runsByContent, runsByName } from '../../documents/payload.ts';
import { DocumentReport } from '../../documents/report.ts';
import { give, giveCutOff } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';

/** The head of a FileDataStoreObject (MS-ONESTORE 2.6.13), {BDE316E7-2665-4511-A4C4-8D4D0B7A9EAC}. */
const HEAD = Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex');
/** Identifier, length, four and eight bytes that mean nothing. */
const HEAD_BYTES = 36;

/** Files within a section of OneNote, in the order in which they lie there. */
export const oneNoteUnpacker: Unpacker = {
  name: 'onenote',
  version: '1',
  opens: ({ type }) => type === 'onenote',
  unpack: (file, sink) => unpackSection(file.bytes(), sink),
};

function unpackSection(bytes: Uint8Array, sink: ChildSink): UnpackReport {
  const buffer = bufferOf(bytes);
  const report = new DocumentReport();
  const names = fileNames(buffer);
  let number = 0;
  for (let at = buffer.indexOf(HEAD); at >= 0; at = buffer.indexOf(HEAD, at + 16)) {
    if (at + HEAD_BYTES > buffer.length) {
      report.missed('The section ends within an embedded file.');
      break;
    }
    number++;
    const length = Number(buffer.readBigUInt64LE(at + 16));
    const content = bytes.subarray(at + HEAD_BYTES, Math.min(bytes.length, at + HEAD_BYTES + length));
    const offset = at + HEAD_BYTES;
    judge(content, `embedded file ${number}`, report, offset);
    // Which of the names belongs to which file stands in properties that are not read here.
    const name = names.length === 1 && number === 1 ? (names[0] as string) : `embedded-${number}`;
    if (content.length < length) {
      report.missed(`The embedded file ${number} is cut off: ${content.length} of ${length} bytes.`);
      giveCutOff(sink, name, content, { offset });
    } else give(sink, name, content, { offset });
  }
  for (const name of names) {
    const runs = runsByName(name);
    if (runs) report.add(runs === 'program' ? 'onenote.embedded-program' : 'onenote.embedded-script', name);
  }
  const { findings, incomplete } = report;
  return { findings, incomplete, ...(names.length > 0 && { facts: { embeddedNames: names } }) };
}

function judge(content: Uint8Array, what: string, report: DocumentReport, offset: number): void {
  const runs = runsByContent(content);
  if (!runs) return;
  const id = runs === 'program' ? 'onenote.embedded-program' : 'onenote.embedded-script';
  report.add(id, `${what}: ${firstLine(content)}`, offset);
}

function firstLine(content: Uint8Array): string {
  return bufferOf(content.subarray(0, 100))
    .toString('latin1')
    .split(/[\r\n]/)[0] as string;
}

/** `EmbeddedFileName` (property 0x1C001D9C) is UTF-16 with its length before it; such names end with an extension. */
function fileNames(buffer: Buffer): string[] {
  const found = new Set<string>();
  const dot = Buffer.from('.\0', 'latin1');
  let seen = 0;
  for (let at = buffer.indexOf(dot); at >= 0 && seen < 10_000; at = buffer.indexOf(dot, at + 2), seen++) {
    const name = nameAround(buffer, at);
    if (name && found.size < 50) found.add(name);
  }
  return [...found];
}

/** The text around a dot, if it fills exactly the length that stands before it. */
function nameAround(buffer: Buffer, dot: number): string | null {
  let from = dot;
  while (from >= 2 && dot - from < 512 && isNameUnit(buffer.readUInt16LE(from - 2))) from -= 2;
  let to = dot + 2;
  while (to + 2 <= buffer.length && to - dot < 64 && isNameUnit(buffer.readUInt16LE(to))) to += 2;
  const stated = from >= 4 ? buffer.readUInt32LE(from - 4) : 0;
  if (stated !== to - from && stated !== to - from + 2) return null;
  const name = utf16(buffer.subarray(from, to));
  return /^[^.\s].*\.[a-z0-9]{1,8}$/i.test(name) && !/^(?:https?:|www\.)/i.test(name) ? name : null;
}

function isNameUnit(unit: number): boolean {
  return unit >= 0x20 && unit < 0xd800 && !'<>:"/\\|?*'.includes(String.fromCharCode(unit));
}
