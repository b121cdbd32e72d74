import type { FileType } from '../../analysis/stage.ts';
import { findAll } from '../search.ts';
import { type Input, run7z } from './run.ts';

/** How a further stream begins; the shortest, gzip's, stands in noise every 16 MiB. */
const marks: Partial<Record<FileType, Buffer>> = {
  gzip: Buffer.from('1f8b08', 'hex'),
  bzip2: Buffer.from('314159265359', 'hex'),
  xz: Buffer.from('fd377a585a00', 'hex'),
  zstd: Buffer.from('28b52ffd', 'hex'),
};
/** bzip2 says the size of its blocks before the mark of the first. */
const BZIP2_HEAD = 4;

/** More are what a parallel packer wrote, as blocks of one file. */
const MOST = 8;
const TRIED = 64;
/** Beyond it the whole is enough. */
const LARGEST = 16 * 1024 ** 2;

export interface Member {
  offset: number;
  input: Input;
}

/**
 * The streams of a file that has several. Readers put them together, or stop behind the first: what is in another is to
 * be looked at by itself as well.
 */
export async function furtherMembers(input: Input, type: FileType, format: string): Promise<Member[]> {
  const mark = marks[type];
  if (!mark || input.size > LARGEST) return [];
  const ahead = type === 'bzip2' ? BZIP2_HEAD : 0;
  const places = findAll(input, mark, ahead + 1, input.size, TRIED).map((at) => at - ahead);
  const members: Member[] = [];
  for (const [n, offset] of places.entries()) {
    if (offset === 0) continue;
    const end = places.slice(n + 1).find((next) => next > offset) ?? input.size;
    const member = {
      size: end - offset,
      read: (from: number, to: number) => input.read(offset + from, offset + Math.min(to, end - offset)),
    };
    const { code } = await run7z(['t', '-bd', `-t${format}`, '-p', '/in'], member);
    if (code === 0) members.push({ offset, input: member });
    if (members.length > MOST) return [];
  }
  return members;
}
