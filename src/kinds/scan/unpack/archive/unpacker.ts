import type { ScannedFile } from '../../analysis/stage.ts';
import type { Unpacker } from '../unpacker.ts';
import { WatchedSink } from '../watched-sink.ts';
import { containerByMark } from './by-mark.ts';
import { compressedStreams, formats } from './formats.ts';
import type { ListedEntry } from './listing.ts';
import { lzipMembers } from './lzip.ts';
import { membersOf } from './members.ts';
import { nodeStreamOf, unpackNodeStream } from './node-streams.ts';
import { unpackArchive } from './unpack-archive.ts';

/** Opens by 7-Zip all archives but ZIPs, which have truths of their own. */
export const archive: Unpacker = {
  name: 'archive',
  version: '7-Zip 24.09, 2',
  opens: ({ type }) => type in formats,
  async unpack(file, sink, passwords) {
    const options = {
      formats: formats[file.type] ?? [],
      passwords,
      type: file.type,
      rename: (written: string, entry: ListedEntry | undefined) =>
        entry?.path && !isStream(file) ? undefined : nameWithin(file, written),
    };
    const watched = new WatchedSink(sink);
    const report = await unpackArchive(file, watched, options);
    // The whole was counted as it was unpacked: to look for its streams costs as much at most.
    if (watched.reached) return report;
    const { members, more } = await membersOf(file, file.type);
    for (const [n, { input, offset }] of members.entries()) {
      const note = `stream ${n + 1} of ${members.length}${more ? ' and more' : ''}, by itself`;
      await unpackArchive(input, watched, { ...options, details: () => ({ offset, note }) });
      if (watched.reached) break;
    }
    if (more)
      report.incomplete.push(
        `It has more than ${members.length} streams; those after them were looked at only all together.`,
      );
    return report;
  },
};

/** Opens disks and archives that have no type of their own, and says so of those that cannot be opened. */
export const otherContainers: Unpacker = {
  name: 'other containers',
  version: archive.version,
  opens: ({ type }) => type === 'data',
  async unpack(file, sink, passwords) {
    const found = containerByMark(file);
    if (!found) {
      const stream = await nodeStreamOf(file);
      const incomplete =
        stream && (await unpackNodeStream(file, stream, nameWithin(file, 'in~') ?? '~', sink));
      return { findings: [], incomplete: incomplete ?? [] };
    }
    if ('cannotOpen' in found)
      return {
        findings: [],
        incomplete: [`It is an archive by ${found.cannotOpen}, which cannot be opened.`],
      };
    return await unpackArchive(file, sink, {
      formats: [found.format],
      passwords,
      type: file.type,
      rename: (written) => nameWithin(file, written),
    });
  },
};

/** Has 7-Zip open an lzip, which it does not know by itself. */
export const lzip: Unpacker = {
  name: 'lzip',
  version: archive.version,
  opens: ({ type }) => type === 'lzip',
  async unpack(file, sink, passwords) {
    const members = lzipMembers(file);
    if (!members) return { findings: [], incomplete: ['It is damaged, cut off, or has too many members.'] };
    const incomplete: string[] = [];
    for (const member of members) {
      const rename = (written: string) => nameWithin(file, written);
      const options = { formats: ['lzma'], passwords, type: file.type, rename };
      incomplete.push(...(await unpackArchive(member, sink, options)).incomplete);
    }
    return { findings: [], incomplete: [...new Set(incomplete)] };
  },
};

const isStream = ({ type }: ScannedFile) => compressedStreams.includes(type);

/** 7-Zip names what has no name after the archive, and that it knows as `in`. */
function nameWithin({ name }: ScannedFile, written: string): string | undefined {
  if (!/^in(?:~|\.|$)/.test(written)) return undefined;
  const own = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const shorter = own
    .replace(/\.t(?:gz|az|bz2?|xz|zst)$/i, '.tar')
    .replace(/\.(?:gz|bz2|xz|lzma|lz|zst|zz|zlib|br|z)$/i, '');
  return shorter === own || shorter === '' ? `${own}~` : shorter;
}
