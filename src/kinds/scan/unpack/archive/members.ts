import type { FileType } from '../../analysis/stage.ts';
import { nextGzipMember, nextZstdFrame } from '../../stages/trailing/ends/archives.ts';
import { View } from '../../stages/trailing/ends/view.ts';
import { bufferOf, findAll } from '../search.ts';
import type { Input } from './run.ts';

/** Of more streams, which parallel packers write as blocks of one file, those are given. */
const MOST = 32;

export interface Member {
  offset: number;
  input: Input;
}

export interface Members {
  /** None where there is but one stream: it is the whole. */
  members: Member[];
  /** Whether there are more, or may be. */
  more: boolean;
}

/**
 * The streams of a file that has several. Readers put them together, or stop behind the first: each is to be looked at
 * by itself as well.
 */
export async function membersOf(input: Input, type: FileType): Promise<Members> {
  const places = (await startsOf[type]?.(input)) ?? [];
  if (places.length < 2) return { members: [], more: false };
  const members = places.slice(0, MOST).map((offset, n) => {
    const end = places[n + 1] ?? input.size;
    const read = (from: number, to: number) => input.read(offset + from, offset + Math.min(to, end - offset));
    return { offset, input: { size: end - offset, read } };
  });
  return { members, more: places.length > MOST };
}

/** Where streams begin, and one more than are given. */
const startsOf: Partial<Record<FileType, (input: Input) => number[] | Promise<number[]>>> = {
  gzip: (input) => oneAfterTheOther(input, nextGzipMember),
  zstd: (input) => oneAfterTheOther(input, nextZstdFrame),
  // The end of these is known to who unpacks them only, but their beginnings are long enough not to stand in noise.
  bzip2: (input) => marked(input, Buffer.from('314159265359', 'hex'), 4, /^BZh[1-9]$/),
  xz: (input) => marked(input, Buffer.from('fd377a585a00', 'hex'), 0, /^/),
};

async function oneAfterTheOther(
  input: Input,
  endOf: (view: View, at: number) => number | undefined | Promise<number | undefined>,
): Promise<number[]> {
  const view = new View(input);
  const places: number[] = [];
  for (let at: number | undefined = 0; at !== undefined && places.length <= MOST; ) {
    const end: number | undefined = await endOf(view, at);
    if (end === undefined && !isStart(view, at)) break;
    places.push(at);
    at = end;
  }
  return places;
}

/** What is damaged, or not to be understood, is a stream as well. */
const isStart = (view: View, at: number) => view.u16be(at) === 0x1f8b || view.u32(at) === 0xfd2fb528;

/** @param ahead so many bytes stand before the mark, and are like `head` */
function marked(input: Input, mark: Buffer, ahead: number, head: RegExp): number[] {
  return findAll(input, mark, ahead, input.size, MOST + 1)
    .map((at) => at - ahead)
    .filter((at) => head.test(bufferOf(input.read(at, at + ahead)).toString('latin1')));
}
