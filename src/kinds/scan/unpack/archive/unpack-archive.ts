import type { FileType } from '../../analysis/stage.ts';
import { nameFindings } from '../../stages/names/name-findings.ts';
import type { ChildSink, UnpackReport } from '../unpacker.ts';
import { untilLimit } from '../until-limit.ts';
import { WatchedSink } from '../watched-sink.ts';
import { Children, type ChildrenOptions } from './children.ts';
import { failedInSilence, readComplaints } from './messages.ts';
import { type Opened, openArchive, type Refused } from './open.ts';
import { type Input, run7z } from './run.ts';
import { giveTail } from './tail.ts';
import { HashingSink, nowhere, without } from './views.ts';

export interface ArchiveOptions {
  /** 7-Zip's names of formats that it may be; each that opens it is unpacked if it shows other entries. */
  formats: readonly string[];
  passwords: readonly string[];
  type: FileType;
  rename?: ChildrenOptions['rename'];
  details?: ChildrenOptions['details'];
}

/** Unpacks an archive by 7-Zip. */
export async function unpackArchive(
  input: Input,
  sink: ChildSink,
  options: ArchiveOptions,
): Promise<UnpackReport> {
  const { formats, passwords } = options;
  const views: Opened[] = [];
  let refused: Refused = 'not an archive';
  for (const format of formats) {
    const opened = await openArchive(input, format, passwords);
    if (typeof opened !== 'string') views.push(opened);
    else if (opened === 'encrypted') refused = opened;
  }
  if (views.length === 0 && refused !== 'encrypted') {
    const opened = await openArchive(input, '*', passwords);
    if (typeof opened !== 'string') views.push(opened);
    else refused = opened;
  }
  const report: UnpackReport = { findings: [], incomplete: [] };
  if (views.length === 0) report.incomplete.push(whyNot(refused));
  const watched = new WatchedSink(sink);
  const given = new HashingSink(watched);
  for (const [n, view] of views.entries()) {
    if (watched.reached) break;
    const into = n === 0 ? given : await withoutKnown(view, input, given, options);
    await unpackView(view, input, into, report, options);
  }
  const [first] = views;
  if (first) report.facts = factsOf(first);
  report.incomplete = [...new Set(report.incomplete)];
  return report;
}

/**
 * The two file systems of a bridge disc usually show the same files, but need not, whatever their names and sizes say:
 * the second is unpacked once to see what is in it, and then what the first has not is given.
 */
async function withoutKnown(
  view: Opened,
  input: Input,
  given: HashingSink,
  options: ArchiveOptions,
): Promise<ChildSink> {
  const known = new Set(given.hashes);
  const seen = new HashingSink(nowhere(MOST_CHILDREN, given.bytes + TRIED_BYTES));
  await unpackView(view, input, seen, { findings: [], incomplete: [] }, options);
  return without((n) => seen.hashes[n] !== '' && known.has(seen.hashes[n] ?? ''), given);
}

const MOST_CHILDREN = 20_000;
/** More than the first view has given; beyond it the rest is given to the sink, which counts it. */
const TRIED_BYTES = 64 * 1024 ** 2;

async function unpackView(
  { format, listing, complaints, cut, password, locked }: Opened,
  input: Input,
  sink: ChildSink,
  report: UnpackReport,
  { type, rename, details }: ArchiveOptions,
): Promise<void> {
  report.findings.push(
    ...nameFindings(
      listing.entries.map(({ path, link, folder }) => ({ name: path, link, folder })),
      type,
    ),
  );
  report.incomplete.push(...complaints.incomplete);
  if (cut) report.incomplete.push('It has more entries than can be listed.');
  if (password) report.password = password;
  const { entries, properties } = listing;
  if (properties.Multivolume === '+' || entries.some(({ split }) => split))
    report.incomplete.push('It is one volume of several, and the others are not there.');
  const encrypted = entries.filter((entry) => entry.encrypted && !entry.folder).length;
  if (locked)
    report.incomplete.push(
      `${encrypted === 1 ? 'An entry is' : `${encrypted} entries are`} encrypted, and no known password opens ${encrypted === 1 ? 'it' : 'them'}.`,
    );
  for (const { path, link } of entries)
    if (link && NO_PATH.test(link))
      report.incomplete.push(`"${path}" is a link, but what it holds is no path, and was not looked at.`);
  const messages: string[] = [];
  const children = new Children(sink, entries, { messages, locked, rename, details });
  const args = ['e', '-y', '-aou', '-bd', '-snl-', `-t${format}`, `-p${password}`, '/in'];
  const run = await untilLimit(() => run7z(args, input, children, messages));
  if (!run) return;
  children.finish();
  report.incomplete.push(...children.incomplete);
  const found = readComplaints(messages, run.lines);
  report.incomplete.push(...found.incomplete);
  if (found.encrypted && !locked) report.incomplete.push('Some entries have another password.');
  if (run.code === null)
    report.incomplete.push('7-Zip broke off: the archive is damaged, or too large for it.');
  if (!locked && failedInSilence(run.code, messages, found))
    report.incomplete.push(`7-Zip ended with the exit code ${run.code}, and did not say why.`);
  const notGiven = await untilLimit(() => giveTail(input, type, listing, found, sink));
  report.incomplete.push(...(notGiven ?? []));
  if (children.count === 0 && entries.length === 0 && input.size > EMPTY_BYTES)
    report.incomplete.push('No entries were found in it, although it is not empty.');
}

/** Signs of code, and more than a path has. */
const NO_PATH = /["'`()<>;|$]|.{1025}/;

/** Headers of an archive without entries; of TAR one block of zeros. */
const EMPTY_BYTES = 64;

const whyNot = (refused: Refused) =>
  refused === 'encrypted'
    ? 'Its list of entries is encrypted, and no known password opens it.'
    : 'It cannot be opened: it is damaged, cut off, or not what it looks like.';

function factsOf({ listing: { properties, entries } }: Opened): Record<string, unknown> {
  return {
    archive: {
      format: properties.Type,
      ...(properties.Method && { method: properties.Method.slice(0, 200) }),
      entries: entries.length,
    },
  };
}
