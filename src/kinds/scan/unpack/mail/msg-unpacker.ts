import { utf16 } from '../../documents/bytes.ts';
import { type CompoundEntry, CompoundFile } from '../../documents/compound-file.ts';
import { DocumentReport } from '../../documents/report.ts';
import { give } from '../give.ts';
import type { ChildSink, Unpacker, UnpackReport } from '../unpacker.ts';
import { giveAttachment } from './attachment.ts';
import { decompressRtf } from './compressed-rtf.ts';

const LARGEST = 256 * 1024 ** 2;
const LARGEST_BODY = 16 * 1024 ** 2;
/** Messages within messages. */
const DEEPEST = 10;

/** A message of Outlook (MS-OXMSG): its bodies and attachments, those of messages within it as well. */
export const msgUnpacker: Unpacker = {
  name: 'msg',
  version: '1',
  opens: ({ type }) => type === 'msg',
  unpack: (file, sink) => unpackMessage(file.bytes(), sink),
};

function unpackMessage(bytes: Uint8Array, sink: ChildSink): UnpackReport {
  const report = new DocumentReport();
  try {
    const file = new CompoundFile(bytes);
    const message = new Message(file, sink, report);
    message.unpack('', '', 0);
    for (const problem of file.problems) report.missed(problem);
    const { findings, incomplete } = report;
    return { findings, incomplete, facts: { subject: message.subject } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { findings: report.findings, incomplete: [...report.incomplete, error.message] };
  }
}

class Message {
  subject = '';
  readonly #file: CompoundFile;
  readonly #sink: ChildSink;
  readonly #report: DocumentReport;
  readonly #byPath: ReadonlyMap<string, CompoundEntry>;

  constructor(file: CompoundFile, sink: ChildSink, report: DocumentReport) {
    this.#file = file;
    this.#sink = sink;
    this.#report = report;
    this.#byPath = new Map(file.entries.map((entry) => [entry.path.toLowerCase(), entry]));
  }

  /**
   * @param storage of the message within the file, with `/` at its end
   * @param before what stands before the names of its children
   */
  unpack(storage: string, before: string, depth: number): void {
    if (depth === 0) this.subject = this.#text(`${storage}__substg1.0_0037`);
    this.#bodies(storage, before);
    const attachments = this.#file.entries.filter(
      ({ kind, path }) =>
        kind === 'storage' &&
        path.startsWith(storage) &&
        /^__attach_version1\.0_#[0-9a-f]{8}$/i.test(path.slice(storage.length)),
    );
    for (const { path } of attachments) this.#attachment(`${path}/`, before, depth);
  }

  #bodies(storage: string, before: string): void {
    const html = this.#bytes(`${storage}__substg1.0_10130102`);
    const htmlText = this.#text(`${storage}__substg1.0_1013`);
    const text = this.#text(`${storage}__substg1.0_1000`);
    const packed = this.#bytes(`${storage}__substg1.0_10090102`);
    const rtf = packed && decompressRtf(packed, LARGEST_BODY);
    const body = html ?? (htmlText ? Buffer.from(htmlText) : null);
    if (body) give(this.#sink, `${before}message.html`, body, { declaredType: 'text/html' });
    if (text) give(this.#sink, `${before}message.txt`, Buffer.from(text), { declaredType: 'text/plain' });
    if (rtf && !body) give(this.#sink, `${before}message.rtf`, rtf, { declaredType: 'application/rtf' });
  }

  #attachment(storage: string, before: string, depth: number): void {
    const property = (id: string) => this.#text(`${storage}__substg1.0_${id}`);
    const name = property('3707') || property('3704') || property('3001') || 'attachment';
    const content = this.#bytes(`${storage}__substg1.0_37010102`);
    const declaredType = property('370e');
    if (content) {
      giveAttachment(
        { name: `${before}${name}`, content, ...(declaredType && { declaredType }) },
        this.#sink,
        this.#report,
      );
    }
    const inner = `${storage}__substg1.0_3701000D`;
    if (!this.#byPath.has(inner.toLowerCase())) return;
    if (depth >= DEEPEST) this.#report.missed(`Messages within messages are deeper than ${DEEPEST}.`);
    else if (this.#isMessage(inner)) this.unpack(`${inner}/`, `${before}${name}/`, depth + 1);
    else this.#oleObject(`${inner}/`, `${before}${name}`);
  }

  #isMessage(storage: string): boolean {
    return this.#byPath.has(`${storage}/__properties_version1.0`.toLowerCase());
  }

  /** A picture or document that was put into the text; its streams are given as they are. */
  #oleObject(storage: string, name: string): void {
    for (const stream of this.#file.streams()) {
      if (!stream.path.startsWith(storage)) continue;
      give(this.#sink, `${name}/${stream.path.slice(storage.length)}`, this.#file.read(stream, LARGEST));
    }
  }

  #bytes(path: string): Uint8Array | null {
    const entry = this.#byPath.get(path.toLowerCase());
    return entry && entry.kind === 'stream' && entry.size > 0 ? this.#file.read(entry, LARGEST) : null;
  }

  /** A property of text, in UTF-16 or in the code page of who wrote it. */
  #text(path: string): string {
    const wide = this.#bytes(`${path}001f`);
    if (wide) return utf16(wide).replaceAll('\0', '');
    const narrow = this.#bytes(`${path}001e`);
    return narrow ? new TextDecoder('windows-1252').decode(narrow).replaceAll('\0', '') : '';
  }
}
