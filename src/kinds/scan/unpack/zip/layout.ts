import type { Input } from '../archive/run.ts';
import { bufferOf, findAll, findLast } from '../search.ts';
import { STORED } from './decode.ts';
import {
  type CentralHeader,
  DESCRIPTOR,
  type Directory,
  directoryAt,
  END,
  HAS_DESCRIPTOR,
  LOCAL,
  type LocalHeader,
  readLocal,
} from './records.ts';

/** One file, as its two headers have it, or one of them. */
export interface ZipEntry {
  local: LocalHeader | undefined;
  central: CentralHeader | undefined;
}

/** A part of the file that is spoken for. */
export interface Range {
  from: number;
  to: number;
}

const MAX_DIRECTORIES = 64;
export const MAX_ENTRIES = 20_000;

/** All directories in the file that are not within an entry's data, the last one first, as readers look for it. */
export function findDirectories(input: Input): Directory[] {
  const directories: Directory[] = [];
  let left = MAX_ENTRIES;
  const covered: Range[] = [];
  for (let more = true; more && directories.length < MAX_DIRECTORIES; ) {
    more = false;
    for (const gap of gapsOf(covered, input.size)) {
      const endAt = findLast(input, END, gap.from, gap.to, (at) => at + 22 <= gap.to);
      const directory = endAt === undefined ? undefined : directoryAt(input, endAt, left);
      if (!directory) continue;
      left -= directory.headers.length;
      directories.push(directory);
      // A comment is left out: it may hold another ZIP.
      covered.push({ from: directory.from, to: directory.endAt + 22 });
      for (const entry of entriesOf(input, directory)) if (entry.local) covered.push(rangeOf(input, entry));
      more = true;
      break;
    }
  }
  return directories;
}

export function entriesOf(input: Input, directory: Directory): ZipEntry[] {
  return directory.headers.map((central) => {
    const places = [central.localAt + directory.shift, central.localAt];
    const local = places.map((at) => readLocal(input, at)).find((header) => header !== undefined);
    return { central, local };
  });
}

/** What an entry takes up, by its headers and as far as they say it. */
function rangeOf(input: Input, { local, central }: ZipEntry): Range {
  const { at, dataAt } = local as LocalHeader;
  return { from: at, to: Math.min(input.size, dataAt + (central?.compressed || local?.compressed || 0)) };
}

/** What is not covered, in order. */
export function gapsOf(covered: readonly Range[], size: number): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const { from, to } of [...covered].sort((one, other) => one.from - other.from)) {
    if (from > at) gaps.push({ from: at, to: from });
    at = Math.max(at, to);
  }
  if (at < size) gaps.push({ from: at, to: size });
  return gaps;
}

/** Whether entries of one directory share bytes: then a small file can give more than any honest one. */
export function overlap(input: Input, entries: readonly ZipEntry[]): boolean {
  const ranges = entries.filter(({ local }) => local).map((entry) => rangeOf(input, entry));
  ranges.sort((one, other) => one.from - other.from);
  return ranges.some((range, n) => n > 0 && range.from < (ranges[n - 1] as Range).to);
}

/** Headers of entries that no directory has. */
export function* unlistedHeaders(input: Input, gap: Range): Generator<LocalHeader, void, number | undefined> {
  let at = gap.from;
  for (let tries = 0; at < gap.to && tries < MAX_ENTRIES; tries++) {
    const [found] = findAll(input, LOCAL, at, gap.to, 1);
    if (found === undefined) return;
    const header = readLocal(input, found);
    // Who takes it says where it ends.
    const end = header && isPlausible(header) ? yield header : undefined;
    at = Math.max(end ?? 0, found + 4);
  }
}

const methods = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 14, 16, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99];

/** Programs that unpack ZIPs have the mark in them, too. */
function isPlausible({ name, method }: LocalHeader): boolean {
  return name.length > 0 && name.length <= 4096 && methods.includes(method) && !name.includes(0);
}

/** How long the data of an entry is whose header leaves that to a record behind it. */
export function sizeByDescriptor(input: Input, { dataAt, method, flags }: LocalHeader): number | undefined {
  if (!(flags & HAS_DESCRIPTOR) || method !== STORED) return undefined;
  for (const at of findAll(input, DESCRIPTOR, dataAt, input.size, 1000)) {
    const record = bufferOf(input.read(at, at + 16));
    if (record.length === 16 && record.readUInt32LE(8) === at - dataAt) return at - dataAt;
  }
  return undefined;
}
