import type { ChildSink, ChildWriter } from '../unpacker.ts';
import type { ListedEntry } from './listing.ts';
import { tellsOfLoss } from './messages.ts';
import type { Output } from './run.ts';

const ZEROS = new Uint8Array(65_536);

interface Current {
  entry: ListedEntry | undefined;
  name: string;
  /** Until something is written, for a device has no bytes and is no child. */
  writer?: ChildWriter;
  position: number;
  /** Where the messages stood when it began: a loss that is told after its end is its own. */
  messages: number;
}

/**
 * Makes children of what 7-Zip writes. It writes all files into one folder, under the last part of their names, and
 * with a number where there is such a file; the order is that of the listing.
 */
export class Children implements Output {
  readonly #sink: ChildSink;
  readonly #entries: readonly ListedEntry[];
  readonly #options: ChildrenOptions;
  #next = 0;
  #current: Current | undefined;
  readonly incomplete: string[] = [];
  count = 0;

  constructor(sink: ChildSink, entries: readonly ListedEntry[], options: ChildrenOptions) {
    this.#sink = sink;
    this.#entries = entries;
    this.#options = options;
  }

  open(written: string): void {
    this.finish();
    const entry = this.#entryOf(written);
    this.#current = {
      entry,
      name: this.#options.rename?.(written, entry) ?? nameOf(entry, written),
      position: 0,
      messages: this.#options.messages.length,
    };
  }

  write(bytes: Uint8Array, position: number): void {
    const current = this.#current;
    if (!current || this.#isLocked(current)) return;
    current.writer ??= this.#child(current);
    if (position < current.position) {
      this.incomplete.push(`"${current.name}" was written in an order that is not supported.`);
      this.#current = undefined;
      return;
    }
    for (let gap = position - current.position; gap > 0; gap -= ZEROS.length)
      current.writer.write(ZEROS.subarray(0, Math.min(gap, ZEROS.length)));
    current.writer.write(bytes);
    current.position = position + bytes.length;
  }

  /** Ends the file that was written last, unless 7-Zip complained of it. */
  finish(): void {
    const current = this.#current;
    this.#current = undefined;
    if (!current || this.#isLocked(current)) return;
    const isLost = this.#options.messages.slice(current.messages).some(tellsOfLoss);
    if (!current.writer && !current.entry?.special && !current.entry?.link) {
      // So it is with a 7z's symbolic links, which other readers write as files.
      if (!isLost && (current.entry?.size ?? 0) > 0)
        this.incomplete.push(`"${current.name}" is not empty, but 7-Zip gives nothing of it.`);
      current.writer = this.#child(current);
    }
    if (!isLost) current.writer?.end();
  }

  #child({ name, entry }: Current): ChildWriter {
    this.count++;
    return this.#sink.open(name, this.#options.details?.(entry));
  }

  /** Without its password an entry gives nothing, or noise. */
  #isLocked({ entry }: Current): boolean {
    return this.#options.locked && entry?.encrypted === true;
  }

  #entryOf(written: string): ListedEntry | undefined {
    for (let at = this.#next; at < this.#entries.length; at++) {
      const entry = this.#entries[at] as ListedEntry;
      if (entry.folder || !isWrittenAs(entry.path, written)) continue;
      this.#next = at + 1;
      return entry;
    }
    return undefined;
  }
}

export interface ChildrenOptions {
  /** The run's messages, to which 7-Zip adds while it writes. */
  messages: readonly string[];
  /** Whether nothing opens the encrypted entries. */
  locked: boolean;
  /** A better name than the archive's, where it has none. */
  rename?(written: string, entry: ListedEntry | undefined): string | undefined;
  details?(entry: ListedEntry | undefined): { note?: string; offset?: number } | undefined;
}

/** The listed name, but with the control characters that the listing shows as `_`. */
function nameOf(entry: ListedEntry | undefined, written: string): string {
  if (!entry?.path) return written;
  const folder = entry.path.slice(0, entry.path.length - lastPart(entry.path).length);
  return printed(written) === lastPart(entry.path) ? folder + written : entry.path;
}

function isWrittenAs(path: string, written: string): boolean {
  const name = printed(lastPart(path));
  const found = printed(written);
  return found === name || withoutNumber(found) === name;
}

const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** `a_1.txt` and `a_1` are how 7-Zip calls the second `a.txt` and `a`. */
const withoutNumber = (name: string) => name.replace(/_\d+(?=(?:\.[^.]*)?$)/, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const printed = (name: string) => name.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, '_');
