import type { Input } from '../archive/run.ts';
import { Trials } from '../trials.ts';
import type { ChildSink } from '../unpacker.ts';
import { type Decoded, decode, decodeUpTo } from './decode.ts';
import type { ZipFindingId } from './findings.ts';
import { gapsOf, type Range, unlistedHeaders, type ZipEntry } from './layout.ts';
import { Once } from './once.ts';
import type { OtherEntry } from './other-methods.ts';
import {
  type Directory,
  HAS_DESCRIPTOR,
  type Header,
  type LocalHeader,
  nameOf,
  sameName,
} from './records.ts';
import { disagree, fits, isRight, type View, viewOf } from './views.ts';

type Present = ZipEntry & { local: LocalHeader };

const LINK = 0xa000;
const MAX_LINK = 1024;
const NAMED = 10;
/** As much as a record behind an entry's data has. */
const DESCRIPTOR_BYTES = 24;
/** Signatures of Android packages stand before the directory; this is how they end. */
const ANDROID_SIGNATURE = Buffer.from('APK Sig Block 42');

/** Reads the entries of a ZIP into a sink, and keeps account of what bytes were read. */
export class EntryReader {
  readonly findings = new Once<ZipFindingId>();
  readonly covered: Range[] = [];
  readonly others: OtherEntry[] = [];
  /** Where symbolic links lead, by where their headers are. */
  readonly links = new Map<number, string>();
  readonly unlisted: string[] = [];
  readonly #input: Input;
  readonly #sink: ChildSink;
  readonly #trials: Trials;
  readonly #problems: string[] = [];

  constructor(input: Input, sink: ChildSink, trials = new Trials()) {
    this.#input = input;
    this.#sink = sink;
    this.#trials = trials;
  }

  incomplete(): string[] {
    const more = this.#problems.length - NAMED;
    return [
      ...this.#problems.slice(0, NAMED),
      ...(more > 0 ? [`${more} more entries could not be read.`] : []),
    ];
  }

  async read(entry: ZipEntry): Promise<void> {
    const { local, central } = entry;
    const name = nameOf((central ?? local) as Header);
    if (!local) {
      if (!name.endsWith('/')) this.#problems.push(`The directory lists what is not there: "${name}".`);
      return;
    }
    const present = { local, central };
    const view = await viewOf(this.#input, present, this.#trials);
    this.#compare(present);
    this.covered.push({ from: local.at, to: view.open ? view.dataAt : view.limit });
    if (await this.#isFolder(name, present, view)) return;
    if (view.other) this.#leave(name, view);
    else {
      await this.#noteLink(present, view);
      await this.#give(name, present, view);
    }
    if (!view.other && central && !sameName(central, local)) {
      const note = 'under its name in the header before its data';
      await this.#give(nameOf(local), present, view, note);
    }
  }

  /** Headers that no directory has. Where there is none at all, they are all there is. */
  async readUnlisted(gap: Range, hasDirectory: boolean): Promise<void> {
    const headers = unlistedHeaders(this.#input, gap);
    for (let next = headers.next(); !next.done; ) {
      const local = next.value;
      const entry: Present = { local, central: undefined };
      const view = await viewOf(this.#input, entry, this.#trials);
      let end = view.open ? view.dataAt : Math.min(view.limit, gap.to);
      if (view.other || !hasDirectory || (await fits(this.#input, view, entry, this.#trials))) {
        const name = nameOf(local);
        this.unlisted.push(name);
        if (hasDirectory) this.findings.add('zip.unlisted-entry', local.at, name);
        if (view.other) this.#leave(name, view);
        else if (!name.endsWith('/')) end = view.dataAt + (await this.#give(name, entry, view)).consumed;
        this.covered.push({ from: local.at, to: end });
        next = headers.next(end);
      } else next = headers.next(undefined);
    }
  }

  /** What no header tells of, but for padding, is given as it is. */
  readGaps(directories: readonly Directory[]): void {
    const end = Math.max(0, ...directories.map(({ endAt }) => endAt));
    const first = Math.min(...this.covered.map(({ from }) => from));
    for (const { from, to } of gapsOf(this.covered, this.#input.size)) {
      // What stands behind the last directory is looked at by whoever looks for trailing data.
      if (from >= end || to - from <= DESCRIPTOR_BYTES || this.#isPadding(from, to)) continue;
      const before = to === first;
      if (before) this.findings.add('zip.data-before', from, `${to - from} bytes`);
      const note = before ? 'before the first file of the ZIP' : 'between files of the ZIP';
      const writer = this.#sink.open(before ? 'before' : `at-${from}`, { offset: from, note });
      for (let at = from; at < to; at += 65_536)
        writer.write(this.#input.read(at, Math.min(at + 65_536, to)));
      writer.end();
    }
  }

  #isPadding(from: number, to: number): boolean {
    const last = Buffer.from(this.#input.read(to - ANDROID_SIGNATURE.length, to));
    if (last.equals(ANDROID_SIGNATURE)) return true;
    for (let at = from; at < to; at += 65_536)
      if (this.#input.read(at, Math.min(at + 65_536, to)).some((byte) => byte !== 0)) return false;
    return true;
  }

  #compare({ local, central }: Present): void {
    if (!central) return;
    const name = nameOf(central);
    if (!sameName(central, local))
      this.findings.add('zip.name-mismatch', local.at, `"${nameOf(local)}", in the directory "${name}"`);
    if (disagree(central, local)) this.findings.add('zip.method-mismatch', local.at, name);
    const differs = (['crc', 'compressed', 'size'] as const).some((field) => central[field] !== local[field]);
    if (differs && !(local.flags & HAS_DESCRIPTOR) && central.size > 0)
      this.findings.add('zip.size-mismatch', local.at, name);
  }

  #leave(name: string, { header, dataAt, limit }: View): void {
    const compressed = Math.max(0, Math.min(limit, this.#input.size) - dataAt);
    this.others.push({ name, header, dataAt, compressed });
  }

  /** A folder has no bytes, though some writers deflate them. */
  async #isFolder(name: string, { local, central }: Present, view: View): Promise<boolean> {
    if (!name.endsWith('/') || view.other || (central ?? local).size > 0) return false;
    return view.limit === view.dataAt || (await decodeUpTo(this.#input, view, 0)) !== undefined;
  }

  /** Most readers make no link of it, but a file, so what it holds is looked at as well. */
  async #noteLink({ local, central }: Present, view: View): Promise<void> {
    if (!central || ((central.attributes >>> 16) & 0xf000) !== LINK || central.size > MAX_LINK) return;
    const pieces: Uint8Array[] = [];
    const decoded = await decodeUpTo(this.#input, view, MAX_LINK, (bytes) => pieces.push(bytes.slice()));
    const target = Buffer.concat(pieces).toString();
    if (!decoded?.complete || target === '' || /[\p{Cc}\ufffd]/u.test(target)) return;
    this.links.set(local.at, target);
  }

  async #give(name: string, entry: Present, view: View, note?: string): Promise<Decoded> {
    const { local, central } = entry;
    const writer = this.#sink.open(name, { offset: local.at, ...(note && { note }) });
    const decoded = await decode(this.#input, view, (bytes) => writer.write(bytes));
    const saysEmpty = central?.size === 0 && central.compressed === 0;
    const isEmpty = view.open && decoded.size === 0 && local.size === 0;
    if (saysEmpty && decoded.size > 0) this.findings.add('zip.zero-size', local.at, name);
    if (isEmpty || (decoded.complete && (saysEmpty || isRight(decoded, entry)))) writer.end();
    else if (view.limit > this.#input.size) this.#problems.push(`The archive is cut off: "${name}".`);
    else if (decoded.complete) this.#problems.push(`Its checksum is wrong: "${name}".`);
    else this.#problems.push(`Its data is damaged: "${name}".`);
    if (view.open || decoded.consumed < view.limit - view.dataAt) this.#cover(local, decoded.consumed);
    return decoded;
  }

  /** Behind the end of its data there may be more, which is then looked at like any other gap. */
  #cover({ at, dataAt }: LocalHeader, consumed: number): void {
    const range = this.covered.find(({ from }) => from === at);
    if (range) range.to = dataAt + consumed;
  }
}
