import type { ScannedFile } from '../../analysis/stage.ts';
import type { Unpacker } from '../unpacker.ts';
import { compressedStreams, formats } from './formats.ts';
import { unpackArchive } from './unpack-archive.ts';

/** Opens by 7-Zip all archives but ZIPs, which have truths of their own. */
export const archive: Unpacker = {
  name: 'archive',
  version: '7-Zip 24.09, 1',
  opens: ({ type }) => type in formats,
  unpack: (file, sink, passwords) =>
    unpackArchive(file, sink, {
      formats: formats[file.type] ?? [],
      passwords,
      type: file.type,
      rename: (written, entry) => (entry?.path && !isStream(file) ? undefined : nameWithin(file, written)),
    }),
};

const isStream = ({ type }: ScannedFile) => compressedStreams.includes(type);

/** 7-Zip names what has no name after the archive, and that it knows as `in`. */
function nameWithin({ name }: ScannedFile, written: string): string | undefined {
  if (!/^in(?:~|\.|$)/.test(written)) return undefined;
  const own = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const shorter = own
    .replace(/\.t(?:gz|az|bz2?|xz|zst)$/i, '.tar')
    .replace(/\.(?:gz|bz2|xz|lzma|zst|z)$/i, '');
  return shorter === own || shorter === '' ? `${own}~` : shorter;
}
