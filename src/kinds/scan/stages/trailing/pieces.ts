import type { FileType } from '../../analysis/stage.ts';
import type { Input } from '../../unpack/archive/run.ts';
import { compoundFiles, endOf } from './ends/end-of.ts';
import { partsOfPe } from './ends/programs.ts';
import { View } from './ends/view.ts';
import { findHidden, marks, zipMark } from './hidden.ts';
import { type Sniffed, sniff, type What } from './sniff.ts';

/** Something that stands behind the end of a file. */
export interface TrailingPiece {
  offset: number;
  length: number;
  what: What;
}

const MAX_PIECES = 64;
const BLOCK = 65_536;

/** What stands behind the end of what a file is, in order; nothing where its end cannot be said. */
export async function trailingPieces(file: Input & { type: FileType }): Promise<TrailingPiece[]> {
  const view = new View(file);
  const end = await endOf[file.type]?.(view);
  if (end === undefined || end >= file.size) return [];
  // Sectors that are free keep what was in them.
  if (compoundFiles.includes(file.type))
    return (await piecesFrom(file, end, file.size)).filter(({ what }) => what !== 'data' && what !== 'text');
  const certificates = file.type === 'pe' ? partsOfPe(view)?.certificates : undefined;
  if (!certificates) return await piecesFrom(file, end, file.size);
  const { from, to } = certificates;
  return [
    ...(await piecesFrom(file, end, from)),
    { offset: from, length: to - from, what: 'certificate' },
    ...(await piecesFrom(file, to, file.size)),
  ];
}

async function piecesFrom(input: Input, from: number, to: number): Promise<TrailingPiece[]> {
  const file = { size: to, read: (begin: number, end: number) => input.read(begin, Math.min(end, to)) };
  const pieces: TrailingPiece[] = [];
  let at = from;
  while (at < to && pieces.length < MAX_PIECES) {
    const start = beginsAt(file, at, behindPadding(file, at));
    // A line end belongs to what it ends.
    if (start > at && (start === to || start - at > 4))
      pieces.push({ offset: at, length: start - at, what: 'padding' });
    if (start === to) break;
    const view = new View(file, start);
    const sniffed = sniff(view);
    const length = (await lengthOf(view, sniffed)) ?? to - start;
    if (sniffed.what !== 'data') pieces.push({ offset: start, length, what: sniffed.what });
    else pieces.push(...withinData(file, start));
    at = start + length;
  }
  return pieces;
}

/** Another picture, or a film, may have something behind it in turn. */
async function lengthOf(view: View, { what, type }: Sniffed): Promise<number | undefined> {
  return (what === 'picture' || what === 'film') && type ? await endOf[type]?.(view) : undefined;
}

/** The length that a film begins with has zeros of its own. */
function beginsAt(input: Input, from: number, start: number): number {
  const lengthAt = [1, 2, 3].map((bytes) => start - bytes).filter((at) => at >= from);
  return lengthAt.find((at) => sniff(new View(input, at)).what === 'film') ?? start;
}

function behindPadding(input: Input, from: number): number {
  for (let at = from; at < input.size; at += BLOCK) {
    const block = input.read(at, Math.min(at + BLOCK, input.size));
    const found = block.findIndex((byte) => byte !== 0 && byte !== 0x20 && !(byte >= 9 && byte <= 13));
    if (found >= 0) return at + found;
  }
  return input.size;
}

/** A few bytes of anything before an archive or a program hide it from who looks only at the beginning. */
function withinData(input: Input, from: number): TrailingPiece[] {
  const first = findHidden(input, from, [...marks, zipMark]);
  if (!first) return [{ offset: from, length: input.size - from, what: 'data' }];
  const { offset } = first;
  return [{ offset: from, length: offset - from, what: 'data' }, first];
}
