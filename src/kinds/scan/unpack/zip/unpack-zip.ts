import type { FileType } from '../../analysis/stage.ts';
import { type NamedEntry, nameFindings } from '../../stages/names/name-findings.ts';
import type { Input } from '../archive/run.ts';
import type { ChildSink, UnpackReport } from '../unpacker.ts';
import { untilLimit } from '../until-limit.ts';
import { EntryReader } from './entry-reader.ts';
import { entriesOf, findDirectories, gapsOf, MAX_ENTRIES, overlap, type ZipEntry } from './layout.ts';
import { unpackOthers } from './other-methods.ts';
import { type Directory, nameOf } from './records.ts';

export interface ZipOptions {
  type: FileType;
  passwords: readonly string[];
}

/**
 * Unpacks a ZIP by all that its readers may go by: every directory in it, the headers before the data, and what lies
 * between.
 */
export async function unpackZip(
  input: Input,
  sink: ChildSink,
  { type, passwords }: ZipOptions,
): Promise<UnpackReport> {
  const directories = findDirectories(input).sort((one, other) => one.endAt - other.endAt);
  const reader = new EntryReader(input, sink);
  const names: NamedEntry[] = [];
  const report: UnpackReport = { findings: [], incomplete: [] };
  const seen = new Set<number>();
  for (const directory of directories) {
    reader.covered.push({ from: directory.from, to: directory.endAt + 22 });
    if (directory.disks > 0)
      report.incomplete.push('It is one volume of several, and the others are not there.');
  }
  const listed = directories.filter(({ headers }) => headers.length > 0);
  if (listed.length === 0 && input.size > EMPTY_ZIP)
    report.incomplete.push('The directory of the ZIP is missing: it is cut off, or damaged.');
  if (listed.reduce((sum, { headers }) => sum + headers.length, 0) >= MAX_ENTRIES)
    report.incomplete.push(`It lists ${MAX_ENTRIES} entries or more; those after them were not looked at.`);
  const contents = listed.map((directory) => newEntries(input, directory, seen));
  if (contents.some(({ overlaps }) => overlaps))
    report.incomplete.push('Entries of the ZIP overlap: what is shared is unpacked once.');
  const separate = listed.filter((_, n) => (contents[n]?.entries.length ?? 0) > 0);
  for (const { from } of separate.slice(1))
    reader.findings.add('zip.concatenated', from, `a directory at ${from}`);

  await untilLimit(async () => {
    for (const { entries } of contents) for (const entry of entries) await reader.read(entry);
    for (const gap of gapsOf(reader.covered, input.size)) await reader.readUnlisted(gap, listed.length > 0);
    reader.readGaps(directories);
    if (reader.others.length === 0) return;
    const others = await unpackOthers(input, reader.others, sink, type, passwords);
    report.incomplete.push(...others.incomplete);
    if (others.password !== undefined) report.password = others.password;
  });

  for (const { entries } of contents) {
    for (const { local, central } of entries) {
      if (central) names.push(named(nameOf(central), local && reader.links.get(local.at)));
      if (local && (!central || nameOf(central) !== nameOf(local))) names.push(named(nameOf(local)));
    }
  }
  names.push(...reader.unlisted.map((name) => named(name)));
  for (const [name, at] of duplicates(contents.flatMap(({ entries }) => entries)))
    reader.findings.add('zip.duplicate-name', at, name);
  report.findings.push(...nameFindings(names, type), ...reader.findings.findings());
  report.incomplete = [...new Set([...report.incomplete, ...reader.incomplete()])];
  report.facts = { archive: { format: 'zip', entries: names.length } };
  return report;
}

/** The record of its end, and nothing else. */
const EMPTY_ZIP = 22;

const named = (name: string, link?: string): NamedEntry => ({ name, link, folder: name.endsWith('/') });

/** The entries of a directory that no other has; a directory that was written anew lists the old ones, too. */
function newEntries(input: Input, directory: Directory, seen: Set<number>) {
  const all = entriesOf(input, directory);
  const entries = all.filter(({ local }) => !local || !seen.has(local.at));
  const overlaps = overlap(input, all);
  const fresh = entries.filter(({ local }) => {
    if (!local) return true;
    if (seen.has(local.at)) return false;
    seen.add(local.at);
    return true;
  });
  return { entries: fresh, overlaps };
}

function duplicates(entries: readonly ZipEntry[]): [string, number][] {
  const names = new Set<string>();
  const twice = new Map<string, number>();
  for (const { central, local } of entries) {
    const header = central ?? local;
    if (!header) continue;
    const name = nameOf(header);
    if (names.has(name)) twice.set(name, local?.at ?? 0);
    names.add(name);
  }
  return [...twice];
}
